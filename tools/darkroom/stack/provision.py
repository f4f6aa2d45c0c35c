"""`terraform apply` on terraform/environments/local, with a line that shows how far it is."""
import hashlib
import json
import os
import subprocess
from pathlib import Path

from darkroom.console import Failure, Step
from darkroom.paths import REGION, REPOSITORY, TERRAFORM_ROOT, Stack, host_architecture
from darkroom.stack.venv_setup import TOOLS_REQUIREMENTS

# Everything that Terraform reads; when none of it changed since the last apply there is nothing to do.
INPUTS = ("terraform", "api", "statemachine", "settings")


def prepare(stack: Stack) -> None:
    """Fetches the providers, where there is something to apply."""
    if _is_applied(stack):
        return
    stack.terraform.mkdir(parents=True, exist_ok=True)
    with Step("Preparing Terraform"):
        _terraform(stack, "init", "-input=false", "-no-color", "-reconfigure",
                   f"-backend-config=path={stack.terraform_state}")


def apply(stack: Stack) -> bool:
    """Returns whether an apply was needed."""
    wanted = fingerprint(stack)
    if _is_applied(stack):
        return False
    stack.applied.unlink(missing_ok=True)
    with Step("Provisioning") as step:
        _apply_with_progress(stack, step)
    stack.applied.write_text(wanted)
    return True


def _is_applied(stack: Stack) -> bool:
    return stack.applied.exists() and stack.applied.read_text() == fingerprint(stack)


def fingerprint(stack: Stack) -> str:
    digest = hashlib.sha256(f"{stack.endpoint}\n".encode() + TOOLS_REQUIREMENTS.read_bytes())
    for top in INPUTS:
        for path in sorted((REPOSITORY / top).rglob("*")):
            if path.is_file() and ".terraform" not in path.parts and ".tfstate" not in path.name:
                digest.update(f"{path.relative_to(REPOSITORY)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def outputs(stack: Stack) -> dict:
    return json.loads(_terraform(stack, "output", "-json", "-no-color", "stack"))


def write_stack_json(stack: Stack) -> None:
    facts = outputs(stack) | {
        "aws_endpoint_url": stack.endpoint,
        "region": REGION,
        "mailbox_url": stack.mailbox_url,
    }
    stack.stack_json.write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


def _apply_with_progress(stack: Stack, step: Step) -> None:
    command = ["terraform", f"-chdir={TERRAFORM_ROOT}", "apply", "-json", "-auto-approve", "-input=false",
               # Most of the time is the provider's own waiting, so let many resources wait at once.
               "-parallelism=30"]
    errors, planned, done = [], 0, 0
    log = stack.logs / "terraform.log"
    with open(log, "w") as record, subprocess.Popen(
        command, env=terraform_environment(stack), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout:
            record.write(line)
            event = _parse(line)
            kind = event.get("type")
            if kind == "change_summary" and event["changes"]["operation"] == "plan":
                planned = sum(event["changes"][action] for action in ("add", "change", "remove"))
            elif kind == "apply_complete" and event["hook"]["action"] != "read":
                done += 1
            elif kind == "diagnostic" and event["diagnostic"]["severity"] == "error":
                errors.append(_sentence(event["diagnostic"]))
            elif not event and line.strip():
                errors.append(line.strip())
            step.note = f"{done} of {planned} resources " if planned else "planning "
    if process.returncode != 0:
        raise Failure("\n       ".join(["terraform apply failed:", *(errors or ["no reason given"]), f"See {log}"]))
    step.result = f"{done} resources" if done else "no changes"


def _sentence(diagnostic: dict) -> str:
    where = diagnostic.get("address") or diagnostic.get("range", {}).get("filename", "")
    detail = " ".join(diagnostic.get("detail", "").split())
    return f"{where}: {diagnostic['summary']} {detail}".strip(": ")


def _parse(line: str) -> dict:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _terraform(stack: Stack, *arguments: str) -> str:
    command = ["terraform", f"-chdir={TERRAFORM_ROOT}", *arguments]
    done = subprocess.run(command, env=terraform_environment(stack), capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"terraform {arguments[0]} failed: {' '.join(done.stderr.split())}")
    return done.stdout


def terraform_environment(stack: Stack) -> dict[str, str]:
    # The caller's TF_ variables may name another workspace, state or set of arguments; only these two are harmless.
    kept = {k: v for k, v in stack.child_environment().items()
            if not k.startswith("TF_") or k in ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR")}
    cache = Path(kept.get("TF_PLUGIN_CACHE_DIR") or stack.venv.parent / "terraform-plugins")
    os.makedirs(cache, exist_ok=True)
    return kept | {
        "TF_DATA_DIR": str(stack.terraform / "data"),
        "TF_PLUGIN_CACHE_DIR": str(cache),  # the AWS provider is 700 MB; one copy for all stacks
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "GOGC": "400",  # the provider is started four times for an apply, and a third of each start was garbage collection
        "TF_VAR_endpoint_url": stack.endpoint,
        "TF_VAR_architecture": host_architecture(),
    }
