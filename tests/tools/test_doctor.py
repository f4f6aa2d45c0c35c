"""`make doctor`: each check finds its fault, and gives a hint. Every call to AWS is compared with the SDK's own
description of the service."""

import json
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from darkroom import requirements
from darkroom.deploy import doctor
from darkroom.deploy.root import Root
from darkroom.paths import Stack

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "111122223333"
BUCKET = f"darkroom-terraform-state-{ACCOUNT}-eu-central-1"


class Answers:
    """AWS, with prepared answers in their order; and the root that asks it."""

    def __init__(self, monkeypatch, tmp_path):
        self.stubs = {}
        monkeypatch.setattr(Root, "client", lambda _, service: self.stub(service).client)
        self.root = Root("dev", Stack(tmp_path / "home", 4566, tmp_path / "venv"))

    def stub(self, service):
        if service not in self.stubs:
            client = boto3.client(service, region_name="eu-central-1", aws_access_key_id="test",
                                  aws_secret_access_key="test")
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()
        return self.stubs[service]

    def to(self, service, operation, answer):
        self.stub(service).add_response(operation, answer)

    def identity(self):
        who = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/me", "UserId": "AIDAEXAMPLE"}
        self.to("sts", "get_caller_identity", who)

    def found(self, question):
        return list(question(self.root))


@pytest.fixture
def aws(monkeypatch, tmp_path):
    answers = Answers(monkeypatch, tmp_path)
    yield answers
    for stub in answers.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("wanted", "verdict"), [("", "warn"), (ACCOUNT, "ok"), ("999999999999", "FAIL")])
def test_credentials_of_another_account_are_no_good(aws, monkeypatch, wanted, verdict):
    monkeypatch.setattr(Root, "variable", lambda *_: wanted)
    aws.identity()
    assert [line[0] for line in aws.found(doctor.credentials)] == ["ok", verdict]


def test_without_credentials_nothing_else_is_asked(aws, capsys):
    aws.stub("sts").add_client_error("get_caller_identity", "ExpiredToken")
    assert not doctor.examine(aws.root)
    assert capsys.readouterr().out.splitlines()[-1].startswith("FAIL  credentials:")


@pytest.mark.parametrize(("zones", "verdict"), [(1, "FAIL"), (2, "ok"), (3, "ok")])
def test_a_region_needs_two_zones(aws, zones, verdict):
    names = [{"ZoneName": f"eu-central-1{letter}", "State": "available"} for letter in "abc"[:zones]]
    broken = {"ZoneName": "eu-central-1z", "State": "impaired"}
    aws.to("ec2", "describe_availability_zones", {"AvailabilityZones": [*names, broken]})
    assert aws.found(doctor.region)[0][0] == verdict


@pytest.mark.parametrize(("versioning", "verdict"), [("Enabled", "ok"), ("Suspended", "FAIL")])
def test_the_state_must_be_versioned(aws, versioning, verdict):
    aws.identity()
    aws.stub("s3").add_response("get_bucket_versioning", {"Status": versioning}, {"Bucket": BUCKET})
    assert aws.found(doctor.state)[0][0] == verdict


def test_without_a_bootstrap_the_document_is_named(aws):
    aws.identity()
    aws.stub("s3").add_client_error("get_bucket_versioning", "NoSuchBucket")
    ((verdict, words),) = aws.found(doctor.state)
    assert verdict == "FAIL" and "Once per account" in words
    assert "## Once per account" in (ROOT / "docs/DEPLOY.md").read_text()


@pytest.mark.parametrize(("limit", "verdict"), [(10, "warn"), (99, "warn"), (100, "ok"), (1000, "ok")])
def test_a_new_accounts_quota_is_pointed_out(aws, monkeypatch, limit, verdict):
    monkeypatch.setattr(Root, "outputs", lambda _: {})
    aws.to("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": limit}})
    assert aws.found(doctor.quotas)[0][0] == verdict


@pytest.mark.parametrize(("in_flight", "verdict"), [("5", "ok"), ("6", "FAIL")])
def test_r55_photos_in_flight_leave_half_of_the_quota_to_the_rest(aws, monkeypatch, in_flight, verdict):
    monkeypatch.setattr(Root, "outputs", lambda _: {"functions": {"orchestrator": "darkroom-dev-orchestrator"}})
    aws.to("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}})
    variables = {"EXECUTIONS_IN_FLIGHT": in_flight}
    aws.to("lambda", "get_function_configuration", {"Environment": {"Variables": variables}})
    assert aws.found(doctor.quotas)[1][0] == verdict


def test_an_endpoint_that_is_missing_or_pending_is_told(aws):
    there = [{"ServiceName": "com.amazonaws.eu-central-1.s3", "State": "available"},
             {"ServiceName": "com.amazonaws.eu-central-1.states", "State": "pending"}]
    aws.to("ec2", "describe_vpc_endpoints", {"VpcEndpoints": there})
    assert [words.splitlines()[0] for verdict, words in aws.found(doctor.endpoints) if verdict == "FAIL"] == [
        "endpoint of dynamodb: missing", "endpoint of states: pending"]


def test_functions_without_code_are_named(aws, monkeypatch):
    functions = {"auth": "darkroom-dev-auth", "resize": "darkroom-dev-resize"}
    monkeypatch.setattr(Root, "outputs", lambda _: {"functions": functions})
    for version in ("3", "$LATEST"):
        aws.to("lambda", "get_alias", {"FunctionVersion": version})
    ((verdict, words),) = aws.found(doctor.code)
    assert verdict == "FAIL" and words.startswith("no code yet in resize\nhint: ")


@pytest.mark.parametrize("action", ["noop", "update", "delete"])
def test_drift_is_what_an_apply_would_change(aws, monkeypatch, action):
    change = {"action": action, "resource": {"addr": "module.stack.aws_kms_key.this"}}
    said = "\n".join(["Terraform says something", json.dumps({"type": "planned_change", "change": change})])
    monkeypatch.setattr(Root, "ask", lambda *_, **__: said)
    found = aws.found(doctor.drift)
    if action == "noop":
        assert found == [("ok", "everything stands as the code says")]
    else:
        assert found[0][0] == "warn" and found[1:] == [("", f"{action} module.stack.aws_kms_key.this")]


def test_a_tool_that_is_missing_or_old_is_told(aws, monkeypatch, tmp_path):
    for tool, says in {"terraform": "Terraform v1.9.8", "cargo": f"cargo {requirements.least('rust')} (abc)"}.items():
        (tmp_path / tool).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [line[0] for line in aws.found(doctor.tools)] == ["FAIL", "ok", "FAIL"]
