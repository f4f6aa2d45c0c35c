"""Resources that the engine has and Terraform wants to create: adopts them into Terraform's state, or removes them.

A resource that can hold a user's data, or has a name, is adopted. The parts of the API hold no data: the engine loses
them, and the next apply makes them anew.
"""
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from botocore.exceptions import ClientError

from darkroom.aws import client
from darkroom.paths import REGION, Stack


@dataclass(frozen=True)
class Found:
    address: str
    import_id: str = ""  # for an import block
    remove: Callable[[], object] | None = None


def find(stack: Stack, plan: dict) -> Iterator[Found]:
    """`plan` as `terraform show -json` prints it. A value that is not known before the apply is absent there."""
    aws = cache(lambda service: client(service, region=REGION, endpoint=stack.endpoint))
    for change in plan.get("resource_changes", []):
        if change["change"]["actions"] != ["create"]:
            continue
        wanted = _Wanted(change["change"]["after"])
        try:
            if import_id := ADOPTED.get(change["type"], _nothing)(aws, wanted):
                yield Found(change["address"], import_id=import_id)
            if remove := REMOVED.get(change["type"], _nothing)(aws, wanted):
                yield Found(change["address"], remove=remove)
        except (ClientError, _Unknown):
            continue  # it is not there, or what it belongs to is not


def _nothing(_aws, _wanted):
    return None


class _Unknown(Exception):
    """A value that is not known before the apply."""


class _Wanted(dict):
    def __missing__(self, key):
        raise _Unknown(key)

    def __getitem__(self, key):
        value = super().__getitem__(key)
        if value is None:
            raise _Unknown(key)
        return value


def _each(service, operation: str, key: str, **arguments) -> Iterator:
    for page in service.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def _bucket(aws, wanted):
    aws("s3").head_bucket(Bucket=wanted["bucket"])
    return wanted["bucket"]


def _table(aws, wanted):
    return aws("dynamodb").describe_table(TableName=wanted["name"])["Table"]["TableName"]


def _user_pool(aws, wanted):
    pools = _each(aws("cognito-idp"), "list_user_pools", "UserPools", MaxResults=60)
    return next((pool["Id"] for pool in pools if pool["Name"] == wanted["name"]), None)


def _user_pool_client(aws, wanted):
    pool = wanted["user_pool_id"]
    clients = _each(aws("cognito-idp"), "list_user_pool_clients", "UserPoolClients", UserPoolId=pool)
    return next((f"{pool}/{one['ClientId']}" for one in clients if one["ClientName"] == wanted["name"]), None)


def _user_group(aws, wanted):
    pool, name = wanted["user_pool_id"], wanted["name"]
    return f"{pool}/{aws('cognito-idp').get_group(UserPoolId=pool, GroupName=name)['Group']['GroupName']}"


def _key(aws, wanted):
    """Finds a key by its description, for keys have no name. Of several, the one behind an alias is in use."""
    kms = aws("kms")
    aliased = {alias.get("TargetKeyId") for alias in _each(kms, "list_aliases", "Aliases")}
    described = (kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in _each(kms, "list_keys", "Keys"))
    ours = [key["KeyId"] for key in described
            if key["Description"] == wanted["description"] and key["KeyState"] == "Enabled"]
    return max(ours, key=lambda key: key in aliased, default=None)


def _alias(aws, wanted):
    names = {alias["AliasName"] for alias in _each(aws("kms"), "list_aliases", "Aliases")}
    return wanted["name"] if wanted["name"] in names else None


def _queue(aws, wanted):
    return aws("sqs").get_queue_url(QueueName=wanted["name"])["QueueUrl"]


def _role(aws, wanted):
    return aws("iam").get_role(RoleName=wanted["name"])["Role"]["RoleName"]


def _log_group(aws, wanted):
    groups = _each(aws("logs"), "describe_log_groups", "logGroups", logGroupNamePrefix=wanted["name"])
    return wanted["name"] if wanted["name"] in {group["logGroupName"] for group in groups} else None


def _function(aws, wanted):
    name = wanted["function_name"]
    aws("lambda").get_function_configuration(FunctionName=name)
    return name


def _function_alias(aws, wanted):
    function, name = wanted["function_name"], wanted["name"]
    aws("lambda").get_alias(FunctionName=function, Name=name)
    return f"{function}/{name}"


def _event_source_mapping(aws, wanted):
    mappings = _each(aws("lambda"), "list_event_source_mappings", "EventSourceMappings",
                     EventSourceArn=wanted["event_source_arn"])
    return next((one["UUID"] for one in mappings if one["FunctionArn"] == wanted["function_name"]), None)


def _state_machine(aws, wanted):
    machines = _each(aws("stepfunctions"), "list_state_machines", "stateMachines")
    return next((one["stateMachineArn"] for one in machines if one["name"] == wanted["name"]), None)


def _event_bus(aws, wanted):
    return aws("events").describe_event_bus(Name=wanted["name"])["Name"]


ADOPTED = {
    "aws_cloudwatch_event_bus": _event_bus,
    "aws_cloudwatch_log_group": _log_group,
    "aws_cognito_user_group": _user_group,
    "aws_cognito_user_pool": _user_pool,
    "aws_cognito_user_pool_client": _user_pool_client,
    "aws_dynamodb_table": _table,
    "aws_iam_role": _role,
    "aws_kms_alias": _alias,
    "aws_kms_key": _key,
    "aws_lambda_alias": _function_alias,
    "aws_lambda_event_source_mapping": _event_source_mapping,
    "aws_lambda_function": _function,
    "aws_s3_bucket": _bucket,
    "aws_sfn_state_machine": _state_machine,
    "aws_sqs_queue": _queue,
}


def _permission(aws, wanted):
    target = {"FunctionName": wanted["function_name"], "Qualifier": wanted["qualifier"]}
    statement = wanted["statement_id"]
    policy = json.loads(aws("lambda").get_policy(**target)["Policy"])
    known = statement in {one["Sid"] for one in policy["Statement"]}
    return known and (lambda: aws("lambda").remove_permission(**target, StatementId=statement))


def _api(aws, wanted):
    apigateway = aws("apigateway")
    ours = [api["id"] for api in _each(apigateway, "get_rest_apis", "items") if api["name"] == wanted["name"]]
    return ours and (lambda: [apigateway.delete_rest_api(restApiId=api) for api in ours])


def _api_resource(aws, wanted):
    api, parent, part = wanted["rest_api_id"], wanted["parent_id"], wanted["path_part"]
    for one in _each(aws("apigateway"), "get_resources", "items", restApiId=api):
        if one.get("parentId") == parent and one.get("pathPart") == part:
            return lambda: aws("apigateway").delete_resource(restApiId=api, resourceId=one["id"])
    return None


def _api_method(aws, wanted):
    method = {"restApiId": wanted["rest_api_id"], "resourceId": wanted["resource_id"],
              "httpMethod": wanted["http_method"]}
    aws("apigateway").get_method(**method)
    return lambda: aws("apigateway").delete_method(**method)


def _api_authorizer(aws, wanted):
    api = wanted["rest_api_id"]
    for one in aws("apigateway").get_authorizers(restApiId=api)["items"]:
        if one["name"] == wanted["name"]:
            return lambda: aws("apigateway").delete_authorizer(restApiId=api, authorizerId=one["id"])
    return None


def _api_stage(aws, wanted):
    stage = {"restApiId": wanted["rest_api_id"], "stageName": wanted["stage_name"]}
    aws("apigateway").get_stage(**stage)
    return lambda: aws("apigateway").delete_stage(**stage)


REMOVED = {
    "aws_api_gateway_authorizer": _api_authorizer,
    "aws_api_gateway_method": _api_method,
    "aws_api_gateway_resource": _api_resource,
    "aws_api_gateway_rest_api": _api,
    "aws_api_gateway_stage": _api_stage,
    "aws_lambda_permission": _permission,
}

# To create them again writes over the ones that are there.
WRITTEN_OVER = frozenset({
    "aws_api_gateway_deployment",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_method_settings",
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_event_target",
    "aws_iam_role_policy",
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_s3_object",
})
