"""R41–R44: every permission of every environment, against a table that a person has looked at."""

import json
from pathlib import Path

import pytest
from parliament import analyze_policy_string

import rendered

ALLOWED = Path(__file__).with_name("allowed.txt")
ALLOWED_BY_OPTIONS = Path(__file__).with_name("allowed-by-options.txt")

# The only actions that may name every resource, with the reason. (In a key policy `*` is the key itself.)
EVERY_RESOURCE = {
    # Lambda attaches a function to its network before the interface exists; the function's own code is denied it.
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
    # These actions know no resources.
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}

# The linter's findings that we keep, by the kind of the policy's carrier.
ACCEPTED = {
    ("aws_kms_key", "RESOURCE_STAR"): "in a key policy * is the key itself",
    ("aws_kms_key", "UNKNOWN_CONDITION_FOR_ACTION"): "an encryption context is a key of the caller's own making",
    ("aws_kms_key", "MISMATCHED_TYPE"): "an encryption context is text to the linter; CloudWatch's is an ARN",
    ("aws_iam_role_policy", "RESOURCE_STAR"): "EVERY_RESOURCE above argues each",
    ("aws_iam_role_policy", "UNKNOWN_CONDITION_FOR_ACTION"): "lambda:SourceFunctionArn is Lambda's, on every call",
    ("aws_iam_role_policy", "RESOURCE_MISMATCH"): "dynamodb:ListStreams, which Lambda asks for on the stream",
    ("aws_vpc_endpoint", "RESOURCE_MISMATCH"): "states:ListExecutions, whose machine the linter's data does not know",
    ("aws_s3_bucket_policy", "MISMATCHED_TYPE_BUT_USABLE"): "the key's ARN is compared whole",
}


@pytest.fixture(scope="module")
def statements(environments, prod_with_options):
    return [
        (address, kind_of(environment, address), statement)
        for environment in (*environments.values(), prod_with_options)
        for address, policy in rendered.policies(environment).items()
        for statement in policy["Statement"]
    ]


def kind_of(environment, address):
    return environment.resources[address][0]


def test_r41_every_permission_is_in_the_table(environments, same_as_file):
    """One table for all environments: none of them may do what the others may not."""
    tables = {name: table(environment) for name, environment in environments.items()}
    assert tables["dev"] == tables["staging"] == tables["prod"]
    same_as_file(ALLOWED, tables["prod"])


def table(environment, beyond=None):
    """Of one environment, or of what it has beyond another."""
    lines, others = [], rendered.policies(beyond) if beyond else {}
    for address, policy in sorted(rendered.policies(environment).items()):
        known = rendered.grants(others.get(address, {"Statement": []}))
        if more := [f"    {line}" for line in rendered.grants(policy) if line not in known]:
            lines += [address, *more, ""]
    return "\n".join(lines)


def test_r41_what_options_permit_beyond_is_in_a_table_of_its_own(environments, prod_with_options, same_as_file):
    same_as_file(ALLOWED_BY_OPTIONS, table(prod_with_options, beyond=environments["prod"]))


def test_r41_each_function_has_a_role_and_a_policy_of_its_own(environments):
    for environment in environments.values():
        functions = environment.of("aws_lambda_function")
        assert len(functions) == len(rendered.FUNCTIONS)
        roles = [values["name"] for values in environment.of("aws_iam_role").values()]
        assert len(set(roles)) == len(functions) + len(environment.of("aws_sfn_state_machine"))
        carriers = [values["role"] for values in environment.of("aws_iam_role_policy").values()]
        assert sorted(carriers) == sorted(roles)
        assert not environment.of("aws_iam_role_policy_attachment"), "AWS may widen a managed policy"


def test_r41_no_action_has_a_wildcard(statements):
    wild = [
        (address, action)
        for address, _, statement in statements
        for action in rendered.flat(statement["Action"])
        if "*" in action and statement["Effect"] == "Allow"
    ]
    assert wild == []


def test_r41_only_documented_actions_name_every_resource(statements):
    used = {
        action
        for _, kind, statement in statements
        if kind not in ("aws_kms_key", "aws_iam_role") and statement["Effect"] == "Allow"
        if "*" in rendered.flat(statement["Resource"])
        for action in rendered.flat(statement["Action"])
    }
    assert used == EVERY_RESOURCE


def test_r41_only_conditions_let_everybody_in(statements):
    """If the principal is everyone, a condition must name our account (a key, an endpoint), or the statement denies."""
    for address, _, statement in statements:
        if statement["Effect"] == "Allow" and "*" in rendered.flat(list(as_dict(statement.get("Principal")).values())):
            assert rendered.ACCOUNT in json.dumps(statement.get("Condition", {})), address


def test_r43_services_are_let_in_for_our_account_only(statements):
    """A service principal acts for every account in the world unless a condition names one."""
    for address, kind, statement in statements:
        principal = as_dict(statement.get("Principal"))
        if "Service" not in principal or statement["Effect"] == "Deny":
            continue
        if kind == "aws_iam_role" and principal["Service"] == "lambda.amazonaws.com":
            continue  # Lambda passes a role only for a caller who may pass it, and supports no such condition
        assert rendered.ACCOUNT in json.dumps(statement.get("Condition", {})), f"{address}: {statement}"


def as_dict(principal):
    return principal if isinstance(principal, dict) else {"AWS": principal or []}


def test_the_linter_finds_nothing_new(prod_with_options):
    found = {}
    for address, policy in rendered.policies(prod_with_options).items():
        kind = kind_of(prod_with_options, address)
        if kind == "aws_iam_role":
            continue  # a trust policy has no resource, which the linter takes for a fault
        for finding in analyze_policy_string(json.dumps(policy).replace("<env>", "prod")).findings:
            found.setdefault((kind, finding.issue), []).append(f"{address}: {finding.detail}")
    assert {key: found[key] for key in found.keys() - ACCEPTED.keys()} == {}
    assert ACCEPTED.keys() <= found.keys(), "an exception that nothing needs any more"
