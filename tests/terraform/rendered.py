"""The resources of an environment of AWS, without AWS: the root is applied on a mocked provider.

`terraform test -verbose -json` prints the state that such an apply leaves, with every policy rendered. The mocked
provider invents what AWS would choose; where policies or validations look at it (ARNs above all) the values below take
its place, one for each resource, so that a policy that names the wrong key or function shows.
"""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from darkroom import providers
from darkroom.paths import Stack

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "111122223333"
REGION = "eu-central-1"
POOL = f"{REGION}_Users1234"
# A bucket of another account that operators may import, as tests/e2e/test_import_bucket.py calls it, and its key.
IMPORTED, IMPORTED_KEY = "holiday-photos", f"arn:aws:kms:{REGION}:444455556666:key/theirs"
# Variables for Terraform that name a provider which runs; conftest.py starts it.
PROVIDER = {}
FUNCTIONS = json.loads((ROOT / "settings/functions.json").read_text())["functions"]


class Rendering:
    """The resources of one environment: address → (type, values)."""

    def __init__(self, name, resources, needs):
        self.name = name
        self.resources = resources
        self.needs = needs  # the block of a resource → the blocks that it waits for, without keys and indices

    def of(self, *types):
        return {address: values for address, (kind, values) in self.resources.items() if kind in types}


def copy_of_the_code(folder):
    """A place of its own for generated files; the paths between the folders stay as they are."""
    for top in ("terraform", "api", "settings", "statemachine"):
        shutil.copytree(ROOT / top, folder / top, ignore=shutil.ignore_patterns(".terraform", "tests", "*.tfvars"))
    return folder


def render(code, name, variables=None):
    root = code / "terraform/environments" / name
    tests = root / "tests"
    tests.mkdir(exist_ok=True)
    (tests / "rendering.tftest.hcl").write_text(test_file(name, variables or {}))
    # The graph wants a backend, and this one is at hand.
    (root / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    run(root, "init", "-input=false", "-no-color")
    state = state_after_the_test(root)
    return Rendering(name, dict(resources_of(state["root_module"])), needs_of(run(root, "graph")))


def needs_of(graph):
    needs = {}
    for waiting, needed in re.findall(r'^ +"([^"]+)" -> "([^"]+)";$', graph, re.MULTILINE):
        needs.setdefault(waiting.removeprefix("module.stack."), set()).add(needed.removeprefix("module.stack."))
    return needs


def state_after_the_test(root):
    """Terraform prints the state and then destroys what the mocks made up, which takes two thirds of the time and tells
    nothing: it is ended before."""
    said = []
    command = ["terraform", f"-chdir={root}", "test", "-verbose", "-json"]
    # A session of its own: a provider that Terraform starts ends with it.
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          start_new_session=True) as terraform:
        for line in terraform.stdout:
            event = json.loads(line) if line.startswith("{") else {"type": "text"}
            if event["type"] == "test_state" and any('"status":"pass"' in told for told in said):
                os.killpg(terraform.pid, signal.SIGKILL)
                return event["test_state"]
            said.append(line)
    raise AssertionError(f"terraform test: {diagnostics(''.join(said))}")


def run(root, *arguments):
    command = ["terraform", f"-chdir={root}", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, f"terraform {arguments[0]}: {diagnostics(done.stdout)}{done.stderr}"
    return done.stdout


def environment():
    given = providers.environment(Stack.from_environment())
    return {key: value for key, value in given.items() if not key.startswith(("TF_VAR_", "TF_DATA", "AWS_"))} | PROVIDER


def diagnostics(text):
    found = []
    for line in text.splitlines():
        if line.startswith('{"@level"') and (event := json.loads(line)).get("type") == "diagnostic":
            found.append(f"{event['@message']} {event['diagnostic'].get('detail', '')}")
    return "\n".join(found) or text


def resources_of(module):
    for resource in module.get("resources", []):
        if resource["mode"] == "managed":
            yield resource["address"].removeprefix("module.stack."), (resource["type"], resource["values"])
    for child in module.get("child_modules", []):
        yield from resources_of(child)


def test_file(name, variables):
    """One run that applies everything, on mocks that answer with the ARNs that AWS would give."""
    lines = ['mock_provider "aws" {']
    for source, value in {
        "aws_caller_identity": {"account_id": ACCOUNT},
        "aws_partition": {"partition": "aws", "dns_suffix": "amazonaws.com"},
        "aws_availability_zones": {"names": [f"{REGION}{zone}" for zone in "abc"]},
    }.items():
        lines.append(f'  mock_data "{source}" {{\n    defaults = {json.dumps(value)}\n  }}')
    for kind, value in by_type(f"darkroom-{name}").items():
        lines.append(f'  mock_resource "{kind}" {{\n    defaults = {json.dumps(value)}\n  }}')
    lines.append("}")
    for alias in ("us_east_1", "replica") if name == "prod" else ("us_east_1",):
        lines.append(f'mock_provider "aws" {{\n  alias = "{alias}"\n{elsewhere()}}}')
    for target, value in by_address(f"darkroom-{name}").items():
        lines.append(f"override_resource {{\n  target = module.stack.{target}\n  values = {json.dumps(value)}\n}}")
    given = "".join(f"    {key} = {json.dumps(value)}\n" for key, value in variables.items())
    lines.append(f'run "{name}" {{\n  command = apply\n  variables {{\n{given}  }}\n')
    lines.append(f'  assert {{\n    condition = output.stack.region == "{REGION}"')
    lines.append('    error_message = "region"\n  }\n}')
    return "\n".join(lines) + "\n"


def elsewhere():
    """What the other providers are asked for, where it must be an ARN."""
    return "".join(f'  mock_resource "{kind}" {{\n    defaults = {json.dumps({"arn": arn})}\n  }}\n' for kind, arn in {
        "aws_cloudwatch_log_delivery_destination": f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-destination:logs",
        "aws_kms_key": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/replica",
    }.items())


def by_type(prefix):
    regional = f"{REGION}:{ACCOUNT}"
    return {
        "aws_vpc_endpoint": {"prefix_list_id": "pl-12345678"},
        "aws_cognito_user_pool": {"id": POOL, "arn": f"arn:aws:cognito-idp:{regional}:userpool/{POOL}"},
        "aws_dynamodb_table": {
            "arn": f"arn:aws:dynamodb:{regional}:table/{prefix}-images",
            "stream_arn": f"arn:aws:dynamodb:{regional}:table/{prefix}-images/stream/2026-01-31T12:00:00.000",
        },
        "aws_cloudwatch_event_bus": {"arn": f"arn:aws:events:{regional}:event-bus/{prefix}"},
        "aws_sns_topic": {"arn": f"arn:aws:sns:{regional}:{prefix}-alarms"},
        "aws_cloudtrail": {"arn": f"arn:aws:cloudtrail:{regional}:trail/{prefix}-audit"},
        "aws_wafv2_web_acl": {"arn": f"arn:aws:wafv2:{regional}:regional/webacl/{prefix}/1"},
        "aws_cloudwatch_metric_alarm": {"arn": f"arn:aws:cloudwatch:{regional}:alarm:{prefix}-alarm"},
        "aws_iam_role": {"arn": f"arn:aws:iam::{ACCOUNT}:role/{prefix}-role"},
        "aws_api_gateway_rest_api": {"id": "api0123456", "execution_arn": f"arn:aws:execute-api:{regional}:api0123456"},
        "aws_api_gateway_stage": {"arn": f"arn:aws:apigateway:{REGION}::/restapis/api0123456/stages/stage"},
        "aws_sfn_state_machine": {
            "arn": f"arn:aws:states:{regional}:stateMachine:{prefix}-process-image",
            "state_machine_version_arn": f"arn:aws:states:{regional}:stateMachine:{prefix}-process-image:1",
        },
        "aws_sfn_alias": {"arn": f"arn:aws:states:{regional}:stateMachine:{prefix}-process-image:live"},
        "aws_cloudwatch_log_group": {"arn": f"arn:aws:logs:{regional}:log-group:{prefix}"},
        "aws_security_group": {"arn": f"arn:aws:ec2:{regional}:security-group/sg-1"},
    }


# By address, what a queue is called behind the environment's prefix.
QUEUES = {
    "announcements.aws_sqs_queue.undelivered": "announcements-undelivered",
    "erasures.aws_sqs_queue.dead_letter": "erasures-dlq",
    "erasures.aws_sqs_queue.this": "erasures",
    "uploads.aws_sqs_queue.dead_letter": "uploads-dlq",
    "uploads.aws_sqs_queue.this": "uploads",
    "webhooks.module.queue.aws_sqs_queue.dead_letter": "webhooks-dlq",
    "webhooks.module.queue.aws_sqs_queue.this": "webhooks",
}


def by_address(prefix):
    regional = f"{REGION}:{ACCOUNT}"
    found = {}
    for key in ("audit", "logs", "messaging", "metadata", "storage", "web"):
        found[f'module.encryption.aws_kms_key.this["{key}"]'] = {"arn": f"arn:aws:kms:{regional}:key/{key}"}
    found["module.encryption.aws_kms_key.tokens"] = {"arn": f"arn:aws:kms:{regional}:key/tokens"}
    for key in ("images", "logs", "originals", "web"):
        found[f'module.storage.aws_s3_bucket.this["{key}"]'] = {"arn": f"arn:aws:s3:::{prefix}-{key}-{ACCOUNT}"}
    for address, queue in QUEUES.items():
        found[f"module.{address}"] = {
            "arn": f"arn:aws:sqs:{regional}:{prefix}-{queue}",
            "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{prefix}-{queue}",
        }
    found["module.imports[0].module.state_machine.aws_sfn_state_machine.this"] = {
        "arn": f"arn:aws:states:{regional}:stateMachine:{prefix}-import-bucket"
    }
    found["module.webhooks.aws_cloudwatch_event_rule.this"] = {
        "arn": f"arn:aws:events:{regional}:rule/{prefix}/{prefix}-webhooks"
    }
    found["module.rerender.module.state_machine.aws_sfn_state_machine.this"] = {
        "arn": f"arn:aws:states:{regional}:stateMachine:{prefix}-rerender-library"
    }
    found["module.sweeper.aws_cloudwatch_event_rule.sweep"] = {"arn": f"arn:aws:events:{regional}:rule/{prefix}-sweep"}
    for name in FUNCTIONS:
        arn = f"arn:aws:lambda:{regional}:function:{prefix}-{name}"
        found[f'module.functions.aws_lambda_function.this["{name}"]'] = {"arn": arn}
        found[f'module.functions.aws_lambda_alias.live["{name}"]'] = {
            "arn": f"{arn}:live",
            "invoke_arn": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}:live/invocations",
        }
    for key in ("web", "variants[0]"):
        found[f"module.delivery[0].aws_cloudfront_distribution.{key}"] = {
            "arn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E{key[:3].upper()}",
            "domain_name": f"{key[:3]}.cloudfront.net",
        }
    found["module.delivery[0].aws_cloudfront_function.routes"] = {
        "arn": f"arn:aws:cloudfront::{ACCOUNT}:function/{prefix}-routes"
    }
    return found


CARRIERS = {
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
    "aws_kms_key": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue": "policy",
    "aws_vpc_endpoint": "policy",
}


def policies(rendering):
    """Every policy document by the address of what carries it; the environment's name is taken out of its words."""
    found = {}
    for address, (kind, values) in rendering.resources.items():
        if kind in CARRIERS:
            text = re.sub(rf"\bdarkroom-{rendering.name}\b", "darkroom-<env>", values[CARRIERS[kind]])
            found[address] = json.loads(text)
        if kind == "aws_lambda_permission":
            found[address] = json.loads(
                json.dumps(permission(values)).replace(f"darkroom-{rendering.name}", "darkroom-<env>")
                .replace(f"/{rendering.name}/", "/<env>/"))
    return found


def permission(values):
    """As Lambda writes it into the function's policy."""
    return {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Service": values["principal"]},
        "Action": values["action"],
        "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{values['function_name']}:{values['qualifier']}",
        "Condition": {"ArnLike": {"AWS:SourceArn": values["source_arn"]}},
    }]}


def grants(policy):
    """One line for each pair of action and resource: who may (not) do what with what, and under which condition."""
    lines = []
    for statement in policy["Statement"]:
        principal = statement.get("Principal")
        named = flat(principal.values() if isinstance(principal, dict) else principal) if principal else []
        who = f"{'/'.join(named)}: " if named else ""
        condition = f" if {json.dumps(statement['Condition'], sort_keys=True)}" if "Condition" in statement else ""
        for action in flat(statement["Action"]):
            for resource in flat(statement.get("Resource", "itself")):
                lines.append(f"{statement['Effect']} {who}{action} on {resource}{condition}")
    return sorted(lines)


def flat(value):
    if isinstance(value, str):
        return [value]
    return [each for entry in value for each in flat(entry)]
