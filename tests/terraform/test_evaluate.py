"""The rules of AWS that test_calls.py relies on, each from the page that states it, held against the evaluator."""

import pytest

import iam_data
import rendered
from evaluate import Caller, Request, refusal, unknown_to_the_evaluator

OURS, FOREIGN = rendered.ACCOUNT, "999988887777"
BUCKET = "arn:aws:s3:::bucket"
KEY = f"arn:aws:kms:{rendered.REGION}:{OURS}:key/one"


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action="*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action="*", resource="*", **more):
    return allow(action, resource, **more) | {"Effect": "Deny"}


def role(*statements, account=OURS):
    return Caller("role", f"arn:aws:iam::{account}:role/one", account, policies=(policy(*statements),))


def met(condition, **keys):
    """Whether a statement with this condition grants a request with these keys."""
    keys = {key.replace("__", ":"): value for key, value in keys.items()}
    return refusal(Request(role(allow(Condition=condition)), "s3:GetObject", f"{BUCKET}/key", keys)) is None


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, and below
# …/reference_policies_condition-single-vs-multi-valued-context-keys.html
@pytest.mark.parametrize(("condition", "value", "holds"), [
    ({"StringEquals": {"s3:prefix": "a"}}, "a", True),
    ({"StringEquals": {"s3:prefix": "a"}}, "A", False),
    ({"StringEquals": {"s3:prefix": ["a", "b"]}}, "b", True),  # values are alternatives
    ({"StringEquals": {"S3:PREFIX": "a"}}, "a", True),  # names of keys have no case
    ({"StringEquals": {"s3:prefix": "a*"}}, "ab", False),
    ({"StringEquals": {"s3:prefix": "a"}}, None, False),
    ({"StringEqualsIfExists": {"s3:prefix": "a"}}, None, True),
    ({"StringLike": {"s3:prefix": "a*"}}, "ab", True),
    ({"StringLike": {"s3:prefix": "a?"}}, "a", False),
    ({"StringNotEquals": {"s3:prefix": ["a", "b"]}}, "b", False),  # of a negation, none may match
    ({"StringNotEquals": {"s3:prefix": "a"}}, "c", True),
    ({"StringNotEquals": {"s3:prefix": "a"}}, None, True),  # a negation holds where the key is absent
    ({"StringNotEqualsIfExists": {"s3:prefix": "a"}}, None, True),
    ({"StringNotEqualsIfExists": {"s3:prefix": "a"}}, "a", False),
    ({"ArnEquals": {"s3:prefix": "arn:aws:s3:::a*"}}, "arn:aws:s3:::ab", True),  # ArnEquals and ArnLike are the same
    ({"ArnLike": {"s3:prefix": "arn:aws:s3:::a"}}, "arn:aws:s3:::ab", False),
    ({"Bool": {"s3:prefix": "false"}}, "false", True),
    ({"Bool": {"s3:prefix": "false"}}, None, False),
    ({"Null": {"s3:prefix": "true"}}, None, True),
    ({"Null": {"s3:prefix": "true"}}, "a", False),
    ({"Null": {"s3:prefix": "false"}}, "a", True),
    ({"StringEquals": {"s3:prefix": "a"}, "Null": {"s3:prefix": "true"}}, "a", False),  # operators must all hold
    ({"ForAnyValue:StringEquals": {"s3:prefix": "live"}}, ["live"], True),
    ({"ForAnyValue:StringEquals": {"s3:prefix": "live"}}, ["1"], False),
    ({"ForAnyValue:StringEquals": {"s3:prefix": "live"}}, None, False),
    ({"ForAllValues:StringEquals": {"s3:prefix": "live"}}, None, True),
])
def test_a_condition_holds_as_aws_documents(condition, value, holds):
    assert met(condition, **({} if value is None else {"s3__prefix": value})) is holds


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
@pytest.mark.parametrize(("statement", "allowed"), [
    (allow("s3:GetObject", f"{BUCKET}/*"), True),
    (allow("S3:getobject", f"{BUCKET}/*"), True),  # actions have no case
    (allow("s3:Get*", f"{BUCKET}/k?y"), True),
    (allow("s3:GetObject", BUCKET), False),  # a bucket is not its objects
    (allow("s3:GetObject", f"{BUCKET}/KEY"), False),  # resources have case
    (allow("s3:GetObjectVersion", f"{BUCKET}/*"), False),
    ({"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}, True),
    ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, False),
    ({"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/*"}, False),
])
def test_a_statement_matches_as_aws_documents(statement, allowed):
    assert (refusal(Request(role(statement), "s3:GetObject", f"{BUCKET}/key")) is None) is allowed


def test_a_denial_outweighs_a_grant_in_every_policy():
    request = Request(role(allow()), "s3:GetObject", f"{BUCKET}/key")
    assert refusal(request) is None
    assert refusal(Request(role(allow(), deny("s3:*")), "s3:GetObject", f"{BUCKET}/key"))
    assert refusal(request, policy(deny("s3:*", f"{BUCKET}/*", Principal="*")))
    assert refusal(request, policy(deny("s3:*", f"{BUCKET}/*", Principal={"AWS": "*"})))
    assert refusal(request, policy(deny("s3:*", f"{BUCKET}/*", Principal={"Service": "s3.amazonaws.com"}))) is None


def test_within_the_account_role_or_resource_grants():
    nothing = Request(role(), "s3:GetObject", f"{BUCKET}/key")
    assert refusal(nothing)
    assert refusal(nothing, policy(allow(Principal={"AWS": f"arn:aws:iam::{OURS}:role/one"}))) is None
    # A resource that names the account leaves it to the policies of the account.
    assert refusal(nothing, policy(allow(Principal={"AWS": f"arn:aws:iam::{OURS}:root"})))


def test_from_another_account_both_must_grant():
    request = Request(role(allow(), account=FOREIGN), "s3:GetObject", f"{BUCKET}/key")
    everybody = policy(allow(Principal="*"))
    assert refusal(request)
    assert refusal(request, everybody) is None
    assert refusal(Request(role(account=FOREIGN), "s3:GetObject", f"{BUCKET}/key"), everybody)
    assert refusal(request, policy(allow(Principal={"AWS": f"arn:aws:iam::{OURS}:root"})))


# https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
def test_a_key_must_grant_too():
    granted, not_granted = (Request(role(*may), "kms:Decrypt", KEY) for may in ([allow()], []))
    of_the_account = policy(allow(Principal={"AWS": f"arn:aws:iam::{OURS}:root"}))
    assert refusal(granted)
    assert refusal(granted, of_the_account) is None
    assert refusal(not_granted, of_the_account)
    assert refusal(not_granted, policy(allow(Principal={"AWS": "*"}))) is None


def test_a_service_is_let_in_by_its_name_only():
    request = Request(Caller("SNS", "sns.amazonaws.com", service="sns.amazonaws.com"), "s3:GetObject", f"{BUCKET}/key")
    assert refusal(request)
    assert refusal(request, policy(allow(Principal={"Service": "sns.amazonaws.com"}))) is None
    assert refusal(request, policy(allow(Principal={"Service": "s3.amazonaws.com"})))
    assert refusal(request, policy(allow(Principal={"AWS": f"arn:aws:iam::{OURS}:root"})))


# https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
def test_an_endpoint_must_let_through_too():
    request = Request(role(allow()), "s3:GetObject", f"{BUCKET}/key")
    ours_only = {"StringEquals": {"aws:PrincipalAccount": OURS}}
    assert refusal(request, endpoint_policy=policy(allow(Principal="*", Condition=ours_only))) is None
    assert refusal(request, endpoint_policy=policy(allow("s3:PutObject", Principal="*")))
    foreign = Request(role(allow(), account=FOREIGN), "s3:GetObject", f"{BUCKET}/key")
    assert refusal(foreign, policy(allow(Principal="*")), policy(allow(Principal="*", Condition=ours_only)))


def test_the_transport_is_known():
    without_tls = policy(deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}))
    assert refusal(Request(role(allow()), "s3:GetObject", f"{BUCKET}/key"), without_tls) is None
    assert refusal(Request(role(allow()), "s3:GetObject", f"{BUCKET}/key", over_tls=False), without_tls)


def test_what_the_evaluator_does_not_know_is_named():
    assert list(unknown_to_the_evaluator(policy(allow(NotPrincipal="*")))) == ["NotPrincipal"]
    assert list(unknown_to_the_evaluator(policy(allow(Condition={"StringSame": {"a": "b"}})))) == ["StringSame"]
    variable = policy(allow(Condition={"StringLike": {"s3:prefix": "${aws:username}/*"}}))
    assert list(unknown_to_the_evaluator(variable)) == ["${aws:username}/*"]


MACHINE = f"arn:aws:states:{rendered.REGION}:{OURS}:stateMachine:one"
TABLE = f"arn:aws:dynamodb:{rendered.REGION}:{OURS}:table/one"


@pytest.mark.parametrize(("action", "resource", "accepted"), [
    # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html: "Step Functions uses the state
    # machine's ARN instead of using the version ARN or alias ARN"
    ("states:StartExecution", MACHINE, True),
    ("states:StartExecution", f"{MACHINE}:live", False),
    ("states:StartExecution", f"{MACHINE}:*", False),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{rendered.REGION}:{OURS}:function:one:live", True),
    ("dynamodb:Query", f"{TABLE}/index/album", True),
    ("dynamodb:UpdateItem", f"{TABLE}/index/album", False),
    ("dynamodb:UpdateItem", f"{TABLE}*", True),
    ("s3:ListBucket", BUCKET, True),
    ("s3:ListBucket", f"{BUCKET}/*", False),
    ("s3:GetObject", BUCKET, False),
    ("logs:PutLogEvents", f"arn:aws:logs:{rendered.REGION}:{OURS}:log-group:/aws/lambda/one:*", True),
    ("xray:PutTraceSegments", "*", True),
    ("xray:PutTraceSegments", BUCKET, False),
])
def test_an_action_knows_types_of_resources(action, resource, accepted):
    assert iam_data.accepts(action, resource) is accepted


@pytest.mark.parametrize(("action", "key", "known"), [
    ("states:StartExecution", "states:StateMachineQualifier", True),
    ("s3:ListBucketVersions", "s3:prefix", True),
    ("s3:PutObject", "s3:prefix", False),
    ("kms:Decrypt", "kms:EncryptionContext:aws:logs:arn", True),
    ("kms:Decrypt", "aws:SourceArn", True),
])
def test_an_action_knows_condition_keys(action, key, known):
    assert iam_data.knows_condition(action, key) is known
