"""Requests that must be refused: of callers from outside, of services that act for another account, and of our own
roles with other keys, over plain http, or by another path than intended."""

import dataclasses

import rendered
from access import ENV, REGIONAL, through_service
from evaluate import Caller, Request
from service_calls import ATTACHES, bucket

FOREIGN = "999988887777"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
UNSIGNED = Caller("a caller without a signature")
STRANGER = Caller("a role of another account", f"arn:aws:iam::{FOREIGN}:role/one", FOREIGN, policies=(EVERYTHING,))
OTHER_KEY = f"arn:aws:kms:{REGIONAL}:key/other"
ENCRYPTION = "s3:x-amz-server-side-encryption"


def refused(access, calls, of_roles, in_own_name):
    """`calls` of the functions' code, and of services with our roles and in their own name: all allowed as they are."""
    for outsider in (UNSIGNED, STRANGER):
        yield from from_outside(access, outsider)
        yield from (dataclasses.replace(call, caller=outsider) for call in calls)
    yield from (dataclasses.replace(request, over_tls=False) for request in (*calls, *of_roles, *in_own_name)
                if request.service in ("s3", "sqs", "sns"))
    yield from otherwise_encrypted(calls)
    yield from (for_another_account(request) for request in in_own_name)
    yield from on_other_ways(access)


def from_outside(access, outsider):
    for _, values in access.of("aws_s3_bucket"):
        objects = f"arn:aws:s3:::{values['bucket']}/variants/owner/photo"
        yield from (Request(outsider, f"s3:{verb}", objects) for verb in ("DeleteObject", "GetObject", "PutObject"))
        yield Request(outsider, "s3:ListBucket", f"arn:aws:s3:::{values['bucket']}")
    for _, values in access.of("aws_sqs_queue"):
        yield from (Request(outsider, f"sqs:{verb}", values["arn"]) for verb in ("ReceiveMessage", "SendMessage"))
    for _, values in access.of("aws_sns_topic"):
        yield Request(outsider, "sns:Publish", values["arn"])
    for _, values in access.of("aws_lambda_alias"):
        yield Request(outsider, "lambda:InvokeFunction", values["arn"])
    for _, values in access.of("aws_kms_key"):
        for service in ("dynamodb", "s3", "sqs"):
            through = through_service(service, values["arn"]) | {"kms:CallerAccount": outsider.account}
            yield Request(outsider, "kms:Decrypt", values["arn"], through)


def otherwise_encrypted(calls):
    """A file must be encrypted with the key of its bucket. `aws:kms` without a key is the account's key aws/s3:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"""
    for call in calls:
        if call.action == "s3:PutObject":
            for keys in (
                {ENCRYPTION: "aws:kms", f"{ENCRYPTION}-aws-kms-key-id": OTHER_KEY},
                {ENCRYPTION: "aws:kms"},
                {ENCRYPTION: "AES256"},
                {ENCRYPTION: "aws:kms:dsse", f"{ENCRYPTION}-aws-kms-key-id": call.keys[f"{ENCRYPTION}-aws-kms-key-id"]},
            ):
                yield dataclasses.replace(call, keys=keys)


def for_another_account(request):
    """The confused deputy: the same service, asked by another customer."""
    keys = {name: value.replace(rendered.ACCOUNT, FOREIGN) for name, value in request.keys.items()}
    if request.keys.get("aws:SourceArn", "").startswith("arn:aws:s3:::"):
        keys["aws:SourceArn"] = "arn:aws:s3:::bucket-of-another-account"
    return dataclasses.replace(request, keys=keys)


def on_other_ways(access):
    """Our own roles: the network from a function's code, keys without their service, tokens by roles that make none."""
    keys = [values["arn"] for _, values in access.of("aws_kms_key")]
    tokens = next(values["arn"] for address, values in access.of("aws_kms_key") if address.endswith(".tokens"))
    for _, values in access.of("aws_lambda_function"):
        name = values["function_name"].removeprefix(f"{ENV}-")
        role = access.role(name)
        code = {"lambda:SourceFunctionArn": f"arn:aws:lambda:{REGIONAL}:function:{ENV}-{name}"}
        yield from (Request(role, action, "*", code) for action in ATTACHES)
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            yield from (Request(role, action, key, {"kms:CallerAccount": rendered.ACCOUNT}) for key in keys)
        if "TOKEN_KEY_ARN" not in rendered.FUNCTIONS[name]["environment"]:
            yield Request(role, "kms:GenerateMac", tokens)


def through_the_network(access):
    """A caller in our network who may do everything: still, nothing leaves to resources that are not ours."""
    administrator = Caller("an administrator", f"arn:aws:iam::{rendered.ACCOUNT}:role/admin", rendered.ACCOUNT,
                           policies=(EVERYTHING,))
    yield Request(administrator, "s3:PutObject", "arn:aws:s3:::bucket-of-another-account/loot")
    yield Request(administrator, "s3:PutObject", f"{bucket('logs')}/loot")
    yield Request(administrator, "dynamodb:PutItem", f"arn:aws:dynamodb:{REGIONAL}:table/other")
    yield Request(administrator, "states:StartExecution", f"arn:aws:states:{REGIONAL}:stateMachine:other")
