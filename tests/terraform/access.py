"""One environment as AWS evaluates it: the role, resource, key and endpoint that decide on a request."""

import json
import re

import rendered
from evaluate import Caller, Request, granting, refusal

ENV = "darkroom-<env>"  # as rendered.policies writes an environment's name
REGIONAL = f"{rendered.REGION}:{rendered.ACCOUNT}"

# What a service does with the key of a resource in the name of a role that calls it.
USE_OF_KEYS = {
    # S3 documents GenerateDataKey for a PUT and Decrypt for each part of an upload; with a bucket key, guides of AWS
    # ask for both of every writer: https://repost.aws/knowledge-center/s3-bucket-access-default-encryption
    "s3:PutObject": ("kms:Decrypt", "kms:GenerateDataKey"),
    "s3:GetObject": ("kms:Decrypt",),
    "s3:GetObjectVersion": ("kms:Decrypt",),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    "sqs:SendMessage": ("kms:Decrypt", "kms:GenerateDataKey"),
    "sqs:ReceiveMessage": ("kms:Decrypt",),
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    "sns:Publish": ("kms:Decrypt", "kms:GenerateDataKey"),
    # https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html: the key of the table, cached
    **dict.fromkeys([f"dynamodb:{verb}" for verb in (
        "ConditionCheckItem", "DeleteItem", "GetItem", "GetRecords", "PutItem", "Query", "UpdateItem",
    )], ("kms:Decrypt",)),
}


def lets_us(action, resource):
    ours = {"AWS": f"arn:aws:iam::{rendered.ACCOUNT}:root"}
    return {"Effect": "Allow", "Principal": ours, "Action": action, "Resource": resource}


THEIRS = f"arn:aws:s3:::{rendered.IMPORTED}"
OVER_TLS_ONLY = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
                 "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
# What the owner of a bucket that we import has written: our account may read it, as a bucket of our own over TLS only.
OTHERS = {
    "their bucket": {"Version": "2012-10-17", "Statement": [
        lets_us("s3:ListBucket", THEIRS), lets_us("s3:GetObject", f"{THEIRS}/*"), OVER_TLS_ONLY]},
    "their key": {"Version": "2012-10-17", "Statement": [lets_us("kms:Decrypt", rendered.IMPORTED_KEY)]},
}


class Access:
    def __init__(self, rendering):
        text = json.dumps(rendering.resources).replace(f"darkroom-{rendering.name}", ENV)
        self.resources = {address: tuple(each) for address, each in json.loads(text).items()}
        self.policies = rendered.policies(rendering)
        self.used = set()
        self._roles = {values["name"]: address for address, values in self.of("aws_iam_role")}
        self._of_role = {}
        for address, values in self.of("aws_iam_role_policy"):
            self._of_role.setdefault(values["role"], []).append(address)
        self._of_resource = {}
        for arn, address in self._carriers():
            self._of_resource.setdefault(arn, []).append(address)
        if self.imports:
            self.policies |= OTHERS
            self._of_resource |= {THEIRS: ["their bucket"], rendered.IMPORTED_KEY: ["their key"]}
        self._keys = dict(self._encrypted())
        self._endpoints = {values["service_name"].rpartition(".")[2]: address
                           for address, values in self.of("aws_vpc_endpoint")}
        self.in_network = {values["function_name"] for _, values in self.of("aws_lambda_function")
                           if values.get("vpc_config")}

    @property
    def imports(self):
        """Whether operators may import other buckets: an option of an environment."""
        return any(address.startswith("module.imports[") for address in self.resources)

    def of(self, kind):
        return [(address, values) for address, (each, values) in self.resources.items() if each == kind]

    def role(self, name):
        """By its name without the environment's."""
        full = f"{ENV}-{name}"
        arn = f"arn:aws:iam::{rendered.ACCOUNT}:role/{full}"
        return Caller(name, arn, rendered.ACCOUNT, policies=tuple(self.policies[each] for each in self._of_role[full]))

    def refusal(self, request, inside=False):
        """The policy that refuses the request; None if all allow it. `inside`: it is made in the network."""
        of_resource, endpoint = self._resource_policy(request.resource), None
        if inside and not (endpoint := self._endpoints.get(request.service)):
            return "no endpoint leads out of the network"
        policy = merged([self.policies[each] for each in of_resource])
        refused = refusal(request, policy, self.policies[endpoint] if endpoint else None)
        if refused is None:
            self._note(request, [*of_resource, *([endpoint] if endpoint else [])])
        return refused

    def assumed_by(self, service, role, **keys):
        """The policy that refuses the service to assume the role."""
        address = self._roles[f"{ENV}-{role}"]
        request = Request(service, "sts:AssumeRole", "itself", keys)
        refused = refusal(request, self.policies[address])
        if refused is None:
            self._note(request, [address])
        return refused

    def key_of(self, resource):
        """The ARN of the key that the resource is encrypted with; None where it is a key of AWS."""
        return self._keys.get(governing(resource))

    def with_keys(self, request):
        """The request, and those to KMS that the service makes for the same caller because of it."""
        yield request
        if not (key := self.key_of(request.resource)):
            return
        through = {} if request.caller.service else through_service(request.service, key)
        about = {name: value for name, value in request.keys.items() if name.startswith("aws:")}
        for action in USE_OF_KEYS.get(request.action, ()):
            yield Request(request.caller, action, key, through | about)

    def grants(self):
        """Everything that policies allow: what carries the policy, the statement, action and resource."""
        return {(address, statement.get("Sid", ""), action, resource)
                for address, policy in self.policies.items() if address not in OTHERS
                for statement in policy["Statement"] if statement["Effect"] == "Allow"
                for action in rendered.flat(statement["Action"])
                for resource in rendered.flat(statement.get("Resource", "itself"))}

    def _note(self, request, of_resource):
        of_caller = self._of_role.get(request.caller.arn.rpartition("/")[2], []) if request.caller.is_ours else []
        for address in (*of_caller, *of_resource):
            for grant in granting(request, self.policies[address], of_resource=address in of_resource):
                self.used.add((address, *grant))

    def _resource_policy(self, resource):
        return self._of_resource.get(governing(resource), [])

    def _carriers(self):
        for address, _ in self.of("aws_s3_bucket_policy"):
            yield f"arn:aws:s3:::{self._bucket_of(address)}", address
        for kind in ("aws_sqs_queue", "aws_kms_key"):
            yield from ((values["arn"], address) for address, values in self.of(kind))
        for address, values in self.of("aws_sns_topic_policy"):
            yield values["arn"], address
        for address, _ in self.of("aws_lambda_permission"):
            (statement,) = self.policies[address]["Statement"]
            yield statement["Resource"], address

    def _encrypted(self):
        """By the ARN of the resource: the key that it names."""
        kind = "aws_s3_bucket_server_side_encryption_configuration"
        for address, values in self.of(kind):
            (default,) = values["rule"][0]["apply_server_side_encryption_by_default"]
            yield f"arn:aws:s3:::{self._bucket_of(address)}", default["kms_master_key_id"]
        for kind in ("aws_sqs_queue", "aws_sns_topic"):
            yield from ((values["arn"], values["kms_master_key_id"]) for _, values in self.of(kind))
        for _, values in self.of("aws_dynamodb_table"):
            yield values["arn"], values["server_side_encryption"][0]["kms_key_arn"]

    def _bucket_of(self, address):
        """The name of the bucket that a policy or a setting is of, which has the bucket's own index."""
        return self.resources[re.sub(r"aws_s3_bucket_\w+", "aws_s3_bucket", address)][1]["bucket"]


def through_service(service, key):
    """What KMS is told when a service uses a key in the name of a caller of our account."""
    return {"kms:ViaService": f"{service}.{key.split(':')[3]}.amazonaws.com", "kms:CallerAccount": rendered.ACCOUNT}


def governing(resource):
    """The ARN of what has a policy and a key: an object's bucket, an index's and a stream's table."""
    if resource.startswith("arn:aws:s3:::"):
        return resource.partition("/")[0]
    if ":table/" in resource:
        return "/".join(resource.split("/")[:2])
    return resource


def merged(policies):
    return {"Statement": [each for policy in policies for each in policy["Statement"]]} if policies else None
