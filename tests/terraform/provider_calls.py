"""The calls of Terraform's provider for a deployer, as the local engine recorded them (provider_calls.json). Calls for
resources that the engine cannot make, and AWS's further permissions, are in provider_by_hand.py.

`python -m tests.terraform.record_provider` records; this reads, and gives what AWS authorizes: action and resource.
"""

import json
import pathlib
import re
import sys

import iam_data
import rendered
from access import ENV, REGIONAL
from evaluate import Caller, Request

LIST = pathlib.Path(__file__).with_name("provider_calls.json")
BOOTSTRAP = rendered.ROOT / "terraform/bootstrap"

# A service's name in signatures → in policies.
NAMESPACES = {"monitoring": "cloudwatch"}

# Operations that are not called like the action that AWS asks for.
ACTIONS = {
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:UpdateBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:CreateSubscriber": "budgets:ModifyBudget",
    "budgets:DeleteNotification": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
}

# Operations that AWS asks no permission for.
FREE = {"sts:GetCallerIdentity"}


def listed():
    return json.loads(LIST.read_text(encoding="utf-8"))


def written(types, calls):
    lines = ",\n".join(f"    {json.dumps(call)}" for call in calls)
    return f'{{\n  "types": {json.dumps(sorted(types))},\n  "calls": [\n{lines}\n  ]\n}}\n'


def distilled(lines, environment):
    """The lines of tools/darkroom/stack/provider_recorder.py: each action on each resource once, as anywhere."""
    found = set()
    for line in lines:
        action, resource = authorized(json.loads(line), environment)
        if action not in FREE:
            found.add((action, resource))
    return [{"action": action, "resource": resource} for action, resource in sorted(found)]


def authorized(request, environment):
    namespace = NAMESPACES.get(request["service"], request["service"])
    action = f"{namespace}:{request['operation']}"
    action = ACTIONS.get(action, action)
    return action, general(resource_of(namespace, action, request), environment)


def general(resource, environment):
    """Without what another run would call otherwise."""
    for account in ("000000000000", rendered.ACCOUNT):
        resource = resource.replace(account, "<account>")
    resource = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", resource)
    resource = re.sub(r"(arn:aws:[a-z0-9-]+):[a-z]{2}(-[a-z]+)+-\d:", r"\1:<region>:", resource)
    resource = re.sub(rf"\bdarkroom-{environment}\b", "darkroom-<env>", resource)
    # To a policy for darkroom-* one function is like another.
    return re.sub(r"darkroom-<env>-[a-z<>-]+", "darkroom-<env>-<name>", resource)


def resource_of(namespace, action, request):
    """Only services whose things have names of ours are told apart: of the rest the policy says `*` anyway."""
    if not (known := iam_data.action(action)) or not known["resourceTypes"]:
        return "*"
    given = {name.lower(): value for name, value in request["parameters"].items()}
    return BY_NAME.get(namespace, lambda *_: "*")(given, request["path"]) or "*"


def first(given, *names):
    return next((given[name] for name in names if given.get(name)), "")


def arn(namespace, kind, name):
    return name if name.startswith("arn:") or not name else f"arn:aws:{namespace}:{REGIONAL}:{kind}{name}"


def of_s3(_, path):
    path = path.partition("/v20180820/tags/")[2] or path
    bucket_and_key = path.removeprefix("arn:aws:s3:::").strip("/")
    return f"arn:aws:s3:::{bucket_and_key}"


def of_sqs(given, _):
    return arn("sqs", "", first(given, "queueurl", "queuename").rpartition("/")[2])


def of_events(given, _):
    bus = first(given, "eventbusname")
    if rule := first(given, "rule") or (bus and first(given, "name")):
        # A rule of the default bus has no bus in its ARN.
        return arn("events", "rule/" if bus == "default" else f"rule/{bus}/", rule)
    return first(given, "resourcearn") or arn("events", "event-bus/", first(given, "name"))


def of_lambda(given, path):
    if "/tags/" in path:
        return path.partition("/tags/")[2]
    if "/event-source-mappings/" in path:
        return arn("lambda", "event-source-mapping:", "<id>")
    return arn("lambda", "function:", path.partition("/functions/")[2].split("/")[0] or first(given, "functionname"))


def of_states(given, _):
    found = first(given, "statemachinearn", "resourcearn", "statemachinealiasarn", "statemachineversionarn", "name")
    # Versions and aliases are authorized as their machine.
    return ":".join(arn("states", "stateMachine:", found).split(":")[:7])


BY_NAME = {
    "cloudtrail": lambda given, _: arn("cloudtrail", "trail/", first(given, "trailname", "name", "resourceid",
                                                                    "trailnamelist", "resourceidlist")),
    "dynamodb": lambda given, _: arn("dynamodb", "table/", first(given, "tablename", "resourcearn")),
    "events": of_events,
    "iam": lambda given, _: f"arn:aws:iam::{rendered.ACCOUNT}:role/{first(given, 'rolename')}",
    "kms": lambda given, _: "arn:aws:kms:*:*:key/<id>" if first(given, "keyid", "targetkeyid") else "",
    "lambda": of_lambda,
    "s3": of_s3,
    "sns": lambda given, _: arn("sns", "", first(given, "topicarn", "subscriptionarn", "resourcearn", "name")),
    "sqs": of_sqs,
    "states": of_states,
}


def deployer():
    """The policy that terraform/bootstrap makes."""
    text = (BOOTSTRAP / "deployer.json").read_text(encoding="utf-8")
    return json.loads(text.replace("${partition}", "aws").replace("${account_id}", rendered.ACCOUNT))


def caller():
    arn_of_role = f"arn:aws:iam::{rendered.ACCOUNT}:role/deployer"
    return Caller("the deployer", arn_of_role, rendered.ACCOUNT, policies=(deployer(),))


def asked(resource, action, keys=None):
    """In an environment and a region, for the evaluator."""
    for placeholder, value in {"<env>": ENV.partition("-")[2], "<account>": rendered.ACCOUNT, "<id>": "one",
                               "<region>": rendered.REGION, "<name>": "one"}.items():
        resource = resource.replace(placeholder, value)
    return Request(caller(), action, resource, keys or {})


# The laptop's functions come from an archive in a bucket, and its root leaves credentials unchecked, whereupon the
# provider finds its account by another call.
PLACEHOLDER, WITHOUT_CHECK = "/placeholder.zip", "iam:GetUser"


def main(file, environment):
    """Prints what was asked in a file of the recorder and is not in the list."""
    lines = pathlib.Path(file).read_text(encoding="utf-8").splitlines()
    for call in distilled(lines, environment):
        only_here = call["resource"].endswith(PLACEHOLDER) or call["action"] == WITHOUT_CHECK
        if call not in listed()["calls"] and not only_here:
            print(call["action"], call["resource"])


if __name__ == "__main__":
    main(*sys.argv[1:])
