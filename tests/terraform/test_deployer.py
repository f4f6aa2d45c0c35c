"""R54, for people: the deployer's policy allows the calls of Terraform's provider while an environment is applied,
changed and destroyed, and the commands of the documents. It grants nothing that none of these needs. """

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from parliament import analyze_policy_string

import iam_data
import provider_by_hand as by_hand
import provider_calls
import rendered
from access import Access
from evaluate import granting, refusal
from provider_calls import asked

LONGEST_POLICY = 6144  # characters of a managed policy, without spaces: IAM's quota
ARGUED = {
    ("LooksAndMappings", "acm:DescribeCertificate"):
        "a deployer looks whether a certificate was issued before it is given to an environment",
}


@pytest.fixture(scope="module")
def types(environments, prod_with_options):
    """Every type of resource that some environment has."""
    return {kind for environment in (*environments.values(), prod_with_options)
            for kind, _ in environment.resources.values()}


@pytest.fixture(scope="module")
def requests():
    """All calls of AWS with the deployer's permissions."""
    written = [each for table in (by_hand.BY_HAND, by_hand.BESIDES) for lists in table.values() for each in lists]
    recorded = [asked(call["resource"], call["action"]) for call in provider_calls.listed()["calls"]]
    return recorded + [asked(each.resource, action, each.keys)
                       for each in (*written, *by_hand.UPDATES, *by_hand.LATER) for action in each.actions]


def test_r54_each_type_of_resource_was_recorded_or_is_written_down(types):
    recorded = set(provider_calls.listed()["types"])
    assert types - recorded - by_hand.BY_HAND.keys() == set()
    assert by_hand.BY_HAND.keys() & recorded == set(), "written down although it is recorded"
    assert (by_hand.BY_HAND.keys() | by_hand.BESIDES.keys()) - types == set(), "no environment has it any more"


def test_r54_each_action_that_is_asked_exists(requests):
    assert len(requests) > 200
    unknown = {request.action for request in requests if not iam_data.action(request.action)}
    assert unknown == set(), "hint: ACTIONS in provider_calls.py says what an operation is called in policies"


def test_r54_what_the_provider_asks_the_deployer_may(requests):
    """A key's own policy is asked below."""
    refused = {f"{request.action} on {request.resource}" for request in requests
               if not granting_statements(request)}
    assert refused == set()


def test_r54_keys_let_their_deployer_administer_them(requests, environments, prod_with_options):
    """The account's statement in each key's policy must have each action, or the policy of the deployer is in vain."""
    on_keys = {request.action for request in requests if request.service == "kms" and ":key/one" in request.resource}
    assert {"kms:DescribeKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} <= on_keys
    refused = set()
    for rendering in (*environments.values(), prod_with_options):
        access = Access(rendering)
        for address, key in access.of("aws_kms_key"):
            has_alias = any(alias["target_key_id"] == key["key_id"] for _, alias in access.of("aws_kms_alias"))
            for action in on_keys - (set() if has_alias else {"kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"}):
                if why := access.refusal(asked(key["arn"], action)):
                    refused.add(f"{address}: {action}: {why}")
    assert refused == set()


def test_r54_what_the_deployer_may_and_nothing_asks_is_argued(requests):
    used = {grant[:2] for request in requests for grant in granting_statements(request)}
    granted = {(statement["Sid"], action) for statement in provider_calls.deployer()["Statement"]
               for action in rendered.flat(statement["Action"])}
    unused = granted - used
    assert unused - ARGUED.keys() == set(), "granted, not asked and not argued"
    assert ARGUED.keys() - unused == set(), "argued, and asked or not granted any more"


def test_r54_each_resource_that_is_named_is_asked_for(requests):
    used = {grant[2] for request in requests for grant in granting_statements(request)}
    named = {resource for statement in provider_calls.deployer()["Statement"]
             for resource in rendered.flat(statement["Resource"])}
    assert named - used == set()


def test_r54_the_deployer_may_not_reach_beyond(requests):
    own = f"arn:aws:iam::{rendered.ACCOUNT}"
    beyond = [
        ("iam:CreateRole", f"{own}:role/administrator", {}), ("iam:PutRolePolicy", f"{own}:role/administrator", {}),
        ("iam:AttachRolePolicy", f"{own}:role/darkroom-<env>-one", {}), ("iam:CreateUser", f"{own}:user/one", {}),
        ("iam:CreatePolicyVersion", f"{own}:policy/darkroom-deployer-{rendered.REGION}", {}),
        ("iam:PassRole", f"{own}:role/administrator", {"iam:PassedToService": "lambda.amazonaws.com"}),
        ("iam:PassRole", f"{own}:role/darkroom-<env>-one", {"iam:PassedToService": "ec2.amazonaws.com"}),
        ("iam:CreateServiceLinkedRole", f"{own}:role/aws-service-role/spot.amazonaws.com/one",
         {"iam:AWSServiceName": "spot.amazonaws.com"}),
        ("s3:GetObject", "arn:aws:s3:::another-accounts/one", {}), ("s3:ListAllMyBuckets", "*", {}),
        ("kms:Decrypt", f"arn:aws:kms:{rendered.REGION}:{rendered.ACCOUNT}:key/one", {}),
        ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{rendered.REGION}:{rendered.ACCOUNT}:function:other", {}),
        ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{rendered.REGION}:{rendered.ACCOUNT}:table/other", {}),
        ("ec2:RunInstances", "*", {}), ("route53:ChangeResourceRecordSets", "*", {}),
        ("sts:AssumeRole", f"{own}:role/administrator", {}),
    ]
    assert [action for action, resource, keys in beyond if granting_statements(asked(resource, action, keys))] == []
    assert refusal(asked(*reversed(beyond[0][:2]))) == "the role does not grant", "the evaluator says so too"


def granting_statements(request):
    """(Sid, action, resource) of what lets the request through, as they are written."""
    return list(granting(request, provider_calls.deployer(), of_resource=False))


def test_the_policy_names_actions_that_exist_and_fits():
    text = (provider_calls.BOOTSTRAP / "deployer.json").read_text(encoding="utf-8")
    text = text.replace("${partition}", "aws").replace("${account_id}", rendered.ACCOUNT)
    issues = {finding.issue for finding in analyze_policy_string(text).findings}
    # docs/DEPLOY.md argues both: a service's whole life below our names, and what has no name of ours.
    assert issues == {"RESOURCE_MISMATCH", "RESOURCE_STAR"}
    assert len(re.sub(r"\s", "", text)) <= LONGEST_POLICY
    sids = [statement["Sid"] for statement in provider_calls.deployer()["Statement"]]
    assert len(set(sids)) == len(sids)


def test_the_deployer_may_hand_each_role_to_whom_it_is_for(environments, prod_with_options):
    roles = [policy for environment in (*environments.values(), prod_with_options)
             for address, policy in rendered.policies(environment).items()
             if environment.resources[address][0] == "aws_iam_role"]
    trusted = {statement["Principal"]["Service"] for policy in roles for statement in policy["Statement"]}
    (passing,) = (each for each in provider_calls.deployer()["Statement"] if each["Action"] == "iam:PassRole")
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == trusted


# What the tools ask, by a regular expression for calls of the SDK: LATER must have each.
METHOD = r'\s*\.(?:get_paginator\("(\w+)"\)|(\w+)\()'
CALL = re.compile(rf'client\("([\w-]+)"\){METHOD}|\b(machine|xray|logs){METHOD}')
CALLED = {"machine": "stepfunctions", "xray": "xray", "logs": "logs"}
IN_POLICIES = {"stepfunctions": "states", "get_account": "GET", "list_objects_v2": "ListBucket",
               "invoke": "InvokeFunction"}


def test_r54_each_call_of_doctor_and_smoke_is_among_what_is_asked(requests):
    tools = rendered.ROOT / "tools/darkroom"
    files = [tools / "deploy" / "doctor.py", *sorted((tools / "smoke").glob("*.py"))]
    found = {call for file in files for call in calls_of(file)}
    assert len(found) > 10
    actions = {request.action for request in requests} | provider_calls.FREE
    assert {call for call in found if not any(fnmatchcase(action.lower(), call) for action in actions)} == set()


def calls_of(file: Path):
    for match in CALL.finditer(file.read_text(encoding="utf-8")):
        service = match[1] or CALLED[match[4]]
        method = match[2] or match[3] or match[5] or match[6]
        if method != "get_paginator":
            verb = IN_POLICIES.get(method, method.replace("_", ""))
            yield f"{IN_POLICIES.get(service, service)}:{verb}".lower()
