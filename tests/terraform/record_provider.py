"""Records the calls of Terraform's provider while an environment is applied, changed and destroyed: prod with every
option, on a local engine of its own, with nothing switched off. `DARKROOM_WRITE=1 make test-e2e` runs it.

Resources that the engine cannot make fail, and are not in the list of recorded types: tests/terraform/test_deployer.py
then demands them in provider_by_hand.py.

    PYTHONPATH=tools .local/venv/bin/python tests/terraform/record_provider.py
"""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import conftest
import provider_calls
import rendered
from darkroom.paths import Stack
from darkroom.stack import checks, engine, provision

NAME = "prod"
# The engine keeps no prefix list of a rule, and without it the provider makes no plan.
CANNOT_BE_READ = "module.stack.module.network[0].aws_vpc_security_group_egress_rule.functions_to_gateway"
# The engine's address, and what a provider needs to speak to it. The roots' own blocks are merged with these.
SPEAKS_TO_THE_ENGINE = """
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  allowed_account_ids         = ["000000000000"]
  max_retries                 = 2
"""
# Much of what may change is changed, so that updates are recorded too. By file: pattern → replacement.
CHANGES = {
    "terraform/environments/prod/main.tf": [
        (r'ManagedBy( +)= "terraform"', r'ManagedBy\1= "terraform"\n      Changed\1= "yes"'),
        ("log_retention_days = 365", "log_retention_days = 400"),
        ("monthly_budget_usd = 200", "monthly_budget_usd = 201"),
        ("noncurrent_days    = 30", "noncurrent_days    = 31"),
    ],
    # Another description of a security group is another group, which nothing here needs.
    "terraform/modules/[!n]*/*.tf": [(r'^(  +description += ")', r"\1Changed. ")],
    "terraform/modules/*/*.tf": [
        ('"(DenyOtherEncryption|OriginalsBucketSends|RuleSends|AlarmsOfThisEnvironment)"', r'"Changed\1"'),
        ('"AccountAdministersTheKey"', '"TheAccountAdministers"'),
        ('"WriteLogs"', '"WritesLogs"'),
        ('"ReadOriginals"', '"ReadsOriginals"'),
        (r'(Statement = \[\{\n)( +)(Effect    = "Allow"\n +Principal = \{ Service)', r'\1\2Sid = "Changed"\n\2\3'),
    ],
    "settings/functions.json": [('"timeout_s": 15,', '"timeout_s": 14,'), ('"batch_size": 10', '"batch_size": 9'),
                                ('"retention_s": 345600', '"retention_s": 345601')],
    "statemachine/process-image.asl.json": [('"Comment": "Develops', '"Comment": "Changed. Develops')],
}


def main():
    home = pathlib.Path(tempfile.mkdtemp(prefix="darkroom-provider-"))
    stack = dataclasses.replace(Stack.from_environment(), home=home / "stack", port=checks.free_port())
    os.environ["DARKROOM_CALLS"] = "1"
    engine.start(stack)
    try:
        code = rendered.copy_of_the_code(home / "code")
        types = recorded(stack, code)
        lines = (stack.engine / "calls-provider.jsonl").read_text(encoding="utf-8").splitlines()
    finally:
        engine.stop(stack)
    calls = provider_calls.distilled(lines, NAME)
    provider_calls.LIST.write_text(provider_calls.written(types, calls), encoding="utf-8")
    print(f"{len(lines)} requests, {len(calls)} calls of {len(types)} types", file=sys.stderr)
    shutil.rmtree(home)


def recorded(stack, code):
    """The types of which something was made, changed and destroyed."""
    root = code / "terraform/environments" / NAME
    aliases = {"": "", "replica": '  alias = "replica"\n', "us_east_1": '  alias = "us_east_1"\n'}
    (root / "engine_override.tf").write_text('terraform {\n  backend "local" {}\n}\n' + "".join(
        f'provider "aws" {{\n{alias}{SPEAKS_TO_THE_ENGINE}}}\n' for alias in aliases.values()))
    edit(code, {f"terraform/environments/{NAME}/main.tf": [
        ("deletion_protection = true", "deletion_protection = false"),
        # The engine speaks plain http, and applies the queues' policies to every caller.
        ("force_destroy       = false", "force_destroy       = true\n  require_tls         = false\n"
                                         f'  sqs_endpoint        = "{stack.endpoint}"'),
    ]})
    (root / "terraform.tfvars.json").write_text(json.dumps(conftest.OPTIONS | {"account_id": "000000000000"}))
    terraform(stack, root, "init", "-input=false", "-no-color")
    made = apply(stack, root, "apply")
    edit(code, CHANGES)
    terraform(stack, root, "state", "rm", CANNOT_BE_READ)
    made |= apply(stack, root, "apply")
    terraform(stack, root, "state", "rm", CANNOT_BE_READ, strict=False)
    apply(stack, root, "destroy")
    return made


def edit(code, changes):
    for glob, edits in changes.items():
        before = {file: file.read_text(encoding="utf-8") for file in code.glob(glob)}
        for pattern, replacement in edits:
            after = {file: re.sub(pattern, replacement, text, flags=re.MULTILINE) for file, text in before.items()}
            assert after != before, f"{glob} has no {pattern} any more"
            before = after
        for file, text in before.items():
            file.write_text(text, encoding="utf-8")


def apply(stack, root, verb):
    """The types of what was made; what fails is said, and holds up nothing that does not need it."""
    said = terraform(stack, root, verb, "-json", "-auto-approve", "-input=false", "-parallelism=30", strict=False)
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    for event in events:
        if event["type"] == "diagnostic" and event["diagnostic"]["severity"] == "error":
            diagnostic = event["diagnostic"]
            words = f"{diagnostic['summary'][:200]} {' '.join(diagnostic.get('detail', '').split())[:400]}"
            print(f"{verb}: {diagnostic.get('address') or ''} {words}", file=sys.stderr)
    return {event["hook"]["resource"]["resource_type"] for event in events
            if event["type"] == "apply_complete" and event["hook"]["action"] == "create"}


def terraform(stack, root, *arguments, strict=True):
    given = provision.terraform_environment(stack)
    kept = {name: value for name, value in given.items() if not name.startswith("TF_VAR_")}
    done = subprocess.run(["terraform", f"-chdir={root}", *arguments], env=kept, capture_output=True, text=True)
    if strict and done.returncode != 0:
        sys.exit(f"terraform {arguments[0]}: {done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
