"""The calls of AWS's services for us, by the resources of an environment: with a role of ours, or in their own name.

Each is a sentence about the service and its action, the request, and the page of AWS that documents it. An environment
without a resource (a trail, a copy in another region) has no calls for it.
"""

import json
import re

import rendered
from access import ENV, REGIONAL, through_service
from evaluate import Caller, Request

S3, ACCOUNT, REGION = "arn:aws:s3:::", rendered.ACCOUNT, rendered.REGION
TRAIL = f"arn:aws:cloudtrail:{REGIONAL}:trail/{ENV}-audit"
MACHINE = f"arn:aws:states:{REGIONAL}:stateMachine:{ENV}-process-image"
RERENDER = f"arn:aws:states:{REGIONAL}:stateMachine:{ENV}-rerender-library"
IMPORTS = f"arn:aws:states:{REGIONAL}:stateMachine:{ENV}-import-bucket"


def bucket(name):
    return f"{S3}{ENV}-{name}-{ACCOUNT}"


def service(name, source_arn, **keys):
    """A service in its own name, with what it says about whom it acts for."""
    caller = Caller(name, name, service=name)
    return caller, {"aws:SourceArn": source_arn, "aws:SourceAccount": ACCOUNT} | keys


def in_the_name_of(name, source_arn, action, resource, **keys):
    caller, about = service(name, source_arn, **keys)
    return Request(caller, action, resource, about)


def of_roles(access):
    """Requests that services make with roles of ours."""
    yield from of_functions(access)
    yield from of_mappings(access)
    yield from of_the_state_machines(access)
    yield from of_imports(access)
    yield from of_replication(access)


def in_own_name(access):
    """Requests that services make as themselves, which the resource's policy must let in."""
    yield from notifications(access)
    yield from alarms(access)
    yield from of_the_api(access)
    yield from of_cloudfront(access)
    yield from of_logs(access)


def assumptions(access):
    """Which service takes on which role, and what the service says then."""
    invoker = Caller("Lambda", "lambda.amazonaws.com", service="lambda.amazonaws.com")
    for _, values in access.of("aws_lambda_function"):
        yield invoker, short(values["function_name"]), {}
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html names a machine, or all of the
    # account's. Which ARN an execution carries that an alias started, AWS's pages leave open: so both.
    for arn in (MACHINE, f"{MACHINE}:live"):
        caller, keys = service("states.amazonaws.com", arn)
        yield caller, "process-image", keys
    # An item of a Distributed Map is an execution of the machine with the Map's label behind it:
    # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
    for arn in (RERENDER, f"{RERENDER}/photos"):
        caller, keys = service("states.amazonaws.com", arn)
        yield caller, "rerender-library", keys
    for arn in (IMPORTS, f"{IMPORTS}/0a1b2c3d") if access.imports else ():
        caller, keys = service("states.amazonaws.com", arn)
        yield caller, "import-bucket", keys
    if replicas(access):
        caller, keys = service("s3.amazonaws.com", bucket("originals"))
        yield caller, f"originals-{ACCOUNT}-replication", keys


def of_functions(access):
    """https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html, …/configuration-vpc.html"""
    for _, values in access.of("aws_lambda_function"):
        name = values["function_name"]
        stream = f"arn:aws:logs:{REGIONAL}:log-group:/aws/lambda/{name}:log-stream:2026/01/31/[1]0123456789abcdef"
        role = access.role(short(name))
        yield from (Request(role, action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents"))
        yield from (Request(role, action, "*") for action in ("xray:PutTelemetryRecords", "xray:PutTraceSegments"))
        if name in access.in_network:
            yield from (Request(role, action, "*") for action in ATTACHES)


ATTACHES = [f"ec2:{verb}" for verb in (
    "AssignPrivateIpAddresses", "CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces",
    "DescribeSubnets", "UnassignPrivateIpAddresses",
)]


def of_mappings(access):
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html,
    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html"""
    polls = {"sqs": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
             "dynamodb": ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}
    for _, values in access.of("aws_lambda_event_source_mapping"):
        role = access.role(short(values["function_name"].split(":")[6]))
        source = values["event_source_arn"]
        kind = source.split(":")[2]
        yield from (Request(role, f"{kind}:{verb}", source) for verb in polls[kind])
        for destination in values["destination_config"] or ():
            for failed in destination["on_failure"]:
                yield Request(role, "sqs:SendMessage", failed["destination_arn"])


def of_the_state_machines(access):
    for _, machine in access.of("aws_sfn_state_machine"):
        if machine["name"].endswith("-import-bucket"):
            continue  # of_imports: it lists a bucket of others
        yield from of_the_state_machine(access, short(machine["name"]), json.loads(machine["definition"]))


def of_the_state_machine(access, name, definition):
    """https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html, …/connect-ddb.html, …/cw-logs.html,
    …/concepts-xray-tracing.html"""
    role = access.role(name)
    for state in tasks(definition):
        kind = state["Resource"].removeprefix("arn:aws:states:::")
        if kind == "lambda:invoke":
            yield Request(role, "lambda:InvokeFunction", state["Parameters"]["FunctionName"])
        else:
            _, verb = kind.split(":")
            table = f"arn:aws:dynamodb:{REGIONAL}:table/{state['Parameters']['TableName']}"
            yield Request(role, f"dynamodb:{verb[0].upper()}{verb[1:]}", table)
    for state in definition["States"].values():
        if "ItemReader" in state:
            yield from of_a_distributed_map(role, name, state)
    yield from (Request(role, action, "*") for action in DELIVERS)


def of_a_distributed_map(role, name, state):
    """https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html,
    …/input-output-resultwriter.html"""
    machine = f"arn:aws:states:{REGIONAL}:stateMachine:{ENV}-{name}"
    execution = machine.replace(":stateMachine:", ":execution:")
    yield Request(role, "states:StartExecution", machine)
    for verb in ("DescribeExecution", "StopExecution"):
        yield from (Request(role, f"states:{verb}", f"{execution}{item}") for item in (":1", f"/{state['Label']}:1"))
    images = bucket("images")
    yield Request(role, "s3:ListBucket", images, {"s3:prefix": "rerenders/1/pages/"})
    yield Request(role, "s3:GetObject", f"{images}/rerenders/1/pages/00000000.jsonl")
    for verb in ("AbortMultipartUpload", "GetObject", "ListMultipartUploadParts", "PutObject"):
        yield Request(role, f"s3:{verb}", f"{images}/rerenders/1/results/manifest.json")


def of_imports(access):
    """https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html: the list, batches as
    executions of the machine, the results; and the key of the bucket, where S3 copies for `bring`"""
    if not access.imports:
        return
    role, execution = access.role("import-bucket"), IMPORTS.replace(":stateMachine:", ":execution:")
    yield Request(role, "s3:ListBucket", f"{S3}{rendered.IMPORTED}")
    yield Request(role, "lambda:InvokeFunction", f"arn:aws:lambda:{REGIONAL}:function:{ENV}-bring:live")
    yield Request(role, "states:StartExecution", IMPORTS)
    for verb in ("DescribeExecution", "StopExecution"):
        for of in (f"{execution}:name-1", f"{execution}/0a1b2c3d:0123"):
            yield Request(role, f"states:{verb}", of)
    for verb in ("AbortMultipartUpload", "GetObject", "ListMultipartUploadParts", "PutObject"):
        yield Request(role, f"s3:{verb}", f"{bucket('images')}/work/imports/0123/manifest.json")
    yield from (Request(role, action, "*") for action in DELIVERS)
    key = rendered.IMPORTED_KEY
    yield Request(access.role("bring"), "kms:Decrypt", key, through_service("s3", key))


DELIVERS = [
    *(f"logs:{verb}" for verb in (
        "CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "GetLogDelivery",
        "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery",
    )),
    *(f"xray:{verb}" for verb in (
        "GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments",
    )),
]


def tasks(definition):
    for state in definition["States"].values():
        if state["Type"] == "Task":
            yield state
        for inner in [*state.get("Branches", []), *filter(None, [state.get("ItemProcessor")])]:
            yield from tasks(inner)


def of_replication(access):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html, and for keys:
    …/replication-config-for-kms-objects.html: Decrypt with the original's, Encrypt with the copy's, and Decrypt with
    the copy's too, where its bucket has a bucket key"""
    for role, copy, key in replicas(access):
        original, copied = f"{bucket('originals')}/uploads/owner/photo", f"{copy}/uploads/owner/photo"
        yield Request(role, "s3:GetReplicationConfiguration", bucket("originals"))
        yield Request(role, "s3:ListBucket", bucket("originals"))
        for what in ("Acl", "ForReplication", "Tagging"):
            yield Request(role, f"s3:GetObjectVersion{what}", original)
        for what in ("Object", "Tags"):
            yield Request(role, f"s3:Replicate{what}", copied)
        for verb, of in (("Decrypt", access.key_of(original)), ("Encrypt", key), ("Decrypt", key)):
            yield Request(role, f"kms:{verb}", of, through_service("s3", of))


def replicas(access):
    found = []
    for _, values in access.of("aws_s3_bucket_replication_configuration"):
        for rule in values["rule"]:
            (to,) = rule["destination"]
            key = to["encryption_configuration"][0]["replica_kms_key_id"]
            found.append((access.role(f"originals-{ACCOUNT}-replication"), to["bucket"], key))
    return found


def notifications(access):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"""
    for _, values in access.of("aws_s3_bucket_notification"):
        for queue in values["queue"]:
            yield in_the_name_of("s3.amazonaws.com", bucket("originals"), "sqs:SendMessage", queue["queue_arn"])
    for _, values in access.of("aws_cloudwatch_event_target"):
        bus = values["event_bus_name"]
        # A rule of the default bus has no bus in its ARN.
        name = values["rule"] if bus in (None, "default") else f"{bus}/{values['rule']}"
        for target in (values["arn"], *(each["arn"] for each in values["dead_letter_config"])):
            action = "lambda:InvokeFunction" if ":lambda:" in target else "sqs:SendMessage"
            yield in_the_name_of("events.amazonaws.com", f"arn:aws:events:{REGIONAL}:rule/{name}", action, target)


def alarms(access):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"""
    for _, values in access.of("aws_cloudwatch_metric_alarm"):
        alarm = f"arn:aws:cloudwatch:{REGIONAL}:alarm:{values['alarm_name']}"
        for topic in values["alarm_actions"] or ():
            yield in_the_name_of("cloudwatch.amazonaws.com", alarm, "sns:Publish", topic)


def of_the_api(access):
    """https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html"""
    for _, values in access.of("aws_api_gateway_integration"):
        if found := re.search(r"/functions/(arn:aws:lambda:[^/]+)/invocations", values["uri"] or ""):
            route = f"arn:aws:execute-api:{REGIONAL}:api0123456/<env>/{values['http_method']}/path"
            yield in_the_name_of("apigateway.amazonaws.com", route, "lambda:InvokeFunction", found[1])


def of_cloudfront(access):
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"""
    for address, values in access.of("aws_cloudfront_distribution"):
        served = f"{bucket('web')}/index.html" if ".web" in address else f"{bucket('images')}/variants/owner/photo"
        yield in_the_name_of("cloudfront.amazonaws.com", values["arn"], "s3:GetObject", served)


def of_logs(access):
    """Access logs, flows, CloudFront's requests, the trail, and the key of log groups:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""
    logs, owned = bucket("logs"), {"s3:x-amz-acl": "bucket-owner-full-control"}
    for _, values in access.of("aws_s3_bucket_logging"):
        name = values["target_prefix"].split("/")[1]
        yield in_the_name_of("logging.s3.amazonaws.com", bucket(name), "s3:PutObject", f"{logs}/s3/{name}/2026")
    for _ in access.of("aws_flow_log"):
        flows, file = f"arn:aws:logs:{REGIONAL}:*", f"{logs}/vpc/AWSLogs/{ACCOUNT}/vpcflowlogs/2026"
        yield in_the_name_of("delivery.logs.amazonaws.com", flows, "s3:GetBucketAcl", logs)
        yield in_the_name_of("delivery.logs.amazonaws.com", flows, "s3:PutObject", file, **owned)
    for _, values in access.of("aws_cloudwatch_log_delivery_source"):
        source = f"arn:aws:logs:us-east-1:{ACCOUNT}:delivery-source:{values['name']}"
        file = f"{logs}/cloudfront/AWSLogs/{ACCOUNT}/CloudFront/2026"
        yield in_the_name_of("delivery.logs.amazonaws.com", source, "s3:PutObject", file, **owned)
    for _, values in access.of("aws_cloudtrail"):
        file = f"{logs}/cloudtrail/AWSLogs/{ACCOUNT}/CloudTrail/2026"
        yield in_the_name_of("cloudtrail.amazonaws.com", TRAIL, "s3:GetBucketAcl", logs)
        yield in_the_name_of("cloudtrail.amazonaws.com", TRAIL, "s3:PutObject", file, **owned)
        about = {"kms:EncryptionContext:aws:cloudtrail:arn": TRAIL}
        for verb in ("DescribeKey", "GenerateDataKey"):
            yield in_the_name_of("cloudtrail.amazonaws.com", TRAIL, f"kms:{verb}", values["kms_key_id"], **about)
    for _, values in access.of("aws_cloudwatch_log_group"):
        if not (key := values["kms_key_id"]):
            continue
        group = f"arn:aws:logs:{REGIONAL}:log-group:{values['name']}"
        name = f"logs.{REGION}.amazonaws.com"
        writer = Caller(name, name, service=name)
        for verb in ("Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
                     "ReEncryptFrom", "ReEncryptTo"):
            yield Request(writer, f"kms:{verb}", key, {"kms:EncryptionContext:aws:logs:arn": group})


def short(name):
    return name.removeprefix(f"{ENV}-")
