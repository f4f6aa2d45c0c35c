"""The AWS calls of the functions' own code: the recorded list, in one environment, each call on the resource that AWS
authorizes for it."""

import re

import rendered
from access import ENV
from evaluate import Request
from tests.support import aws_calls

# Without these S3 answers 403 for an object that is gone, which a worker takes for a missing permission. AWS documents
# ListBucket, and leaves open what it asks for a version:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
TELLS_GONE = {
    "s3:GetObject": ("s3:ListBucket",),
    "s3:GetObjectVersion": ("s3:ListBucket", "s3:ListBucketVersions"),
}


def of(access):
    """Each request, and whether it is made from inside the network: a link is followed by a client outside."""
    for call in aws_calls.listed():
        if rendered.IMPORTED in call["resource"] and not access.imports:
            continue
        role = access.role(call["function"])
        resource = named(call["resource"])
        keys = {name: named(value) for name, value in call["keys"].items()}
        if call["action"] == "states:StartExecution" and not resource.endswith("-import-bucket"):
            resource, keys = authorized(started(access, call["function"]))
        inside = f"{ENV}-{call['function']}" in access.in_network and not call["link"]
        yield Request(role, call["action"], resource, keys), inside
        if not call["link"]:
            yield from ((Request(role, action, resource.partition("/")[0]), inside)
                        for action in TELLS_GONE.get(call["action"], ()))


def named(text):
    """With region and account, and an object for the folder that it is in."""
    text = text.replace("<region>", rendered.REGION).replace("<account>", rendered.ACCOUNT)
    text = text.replace("<pool>", rendered.POOL)
    return re.sub(r"/\*$", "/owner/photo", text)


def started(access, function):
    """The engine starts the machine by its name; on AWS the function is told its alias. Re-renders have no alias."""
    told = {values["function_name"]: values["environment"][0]["variables"]
            for _, values in access.of("aws_lambda_function")}
    variables = told[f"{ENV}-{function}"]
    return variables.get("STATE_MACHINE_ARN") or variables["RERENDER_MACHINE_ARN"]


def authorized(machine):
    """AWS: "Step Functions uses the state machine's ARN instead of using the version ARN or alias ARN". The qualifier
    is a condition key: https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html"""
    *parts, last = machine.split(":")
    if len(parts) == 7:  # arn:aws:states:region:account:stateMachine:name:qualifier
        return ":".join(parts), {"states:StateMachineQualifier": [last]}
    return machine, {}
