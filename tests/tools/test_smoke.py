"""The steps of `make smoke` that need AWS: alarms, traces, and the assumptions that only an account settles. Every call
is compared with the SDK's own description of the service. tests/e2e/test_smoke.py runs all steps."""

import io
import json
import re
from datetime import datetime, timezone
from pathlib import Path

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from darkroom.console import Failure
from darkroom.deploy.root import Root
from darkroom.paths import Stack
from darkroom.smoke import photo, report, story
from darkroom.smoke.beliefs import CAPTIONS, Beliefs
from darkroom.smoke.person import Person
from darkroom.smoke.report import NotHere, Report
from darkroom.smoke.target import Target
from darkroom.smoke.watch import Watch
from darkroom.smoke.web import Answer

ROOT = Path(__file__).resolve().parents[2]
REGION, ACCOUNT = "eu-central-1", "111122223333"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:darkroom-dev-process-image"
FACTS = {
    "api_url": "https://api0123456.execute-api.eu-central-1.amazonaws.com/dev", "api_id": "api0123456",
    "api_stage": "dev", "region": REGION, "state_machine_arn": MACHINE, "user_pool_id": f"{REGION}_Users1234",
    "trail_arn": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/darkroom-dev-audit",
    "edge_logs": {"logs_bucket_arn": f"arn:aws:s3:::darkroom-dev-logs-{ACCOUNT}"}, "web_url": "https://web.example.com",
    "functions": {name: f"darkroom-dev-{name}" for name in ("announce", "images", "resize", "validate")},
}


class Aws:
    """The services of dev, with prepared answers in their order, and no others."""

    def __init__(self, monkeypatch, tmp_path):
        self.stubs = {}
        monkeypatch.setattr(Root, "outputs", lambda _: FACTS)
        monkeypatch.setattr(Root, "client", lambda _, service: self.stub(service).client)
        self.target = Target(Root("dev", Stack(tmp_path / "home", 4566, tmp_path / "venv")))
        self.watch = Watch(self.target)
        self.beliefs = Beliefs(self.target, self.watch)

    def stub(self, service):
        if service not in self.stubs:
            client = boto3.client(service, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()
        return self.stubs[service]

    def to(self, service, operation, answer, wanted=None):
        self.stub(service).add_response(operation, answer, wanted)

    def firewall(self, there):
        stage = f"arn:aws:apigateway:{REGION}::/restapis/api0123456/stages/dev"
        acl = {"Name": "darkroom-dev", "Id": "1", "ARN": "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/d/1",
               "DefaultAction": {"Allow": {}},
               "VisibilityConfig": {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True,
                                    "MetricName": "darkroom-dev"}}
        self.to("wafv2", "get_web_acl_for_resource", {"WebACL": acl} if there else {}, {"ResourceArn": stage})


@pytest.fixture
def aws(monkeypatch, tmp_path):
    answers = Aws(monkeypatch, tmp_path)
    yield answers
    for stub in answers.stubs.values():
        stub.assert_no_pending_responses()


@pytest.fixture
def told(aws):
    return Report("dev", FACTS["api_url"], local=False)


# ------------------------------------------------------------------------------------------------ what an operator sees


@pytest.mark.parametrize(("states", "words"), [
    ({"api-errors": "OK", "mail-refused": "INSUFFICIENT_DATA"}, "2 alarms can be read; none rings"),
    ({"api-errors": "ALARM", "mail-refused": "OK"}, "2 alarms can be read; RINGING: api-errors"),
])
def test_alarms_are_read_and_those_that_ring_are_named(aws, states, words):
    found = [{"AlarmName": f"darkroom-dev-{name}", "StateValue": state} for name, state in states.items()]
    aws.to("cloudwatch", "describe_alarms", {"MetricAlarms": found}, {"AlarmNamePrefix": "darkroom-dev-"})
    assert aws.watch.alarms() == words


def test_an_environment_without_alarms_fails(aws):
    aws.to("cloudwatch", "describe_alarms", {"MetricAlarms": []})
    with pytest.raises(Failure, match="no alarms"):
        aws.watch.alarms()


def live(aws, name, mode):
    aws.to("lambda", "get_function_configuration", {"TracingConfig": {"Mode": mode}},
           {"FunctionName": f"darkroom-dev-{name}", "Qualifier": "live"})


def test_a_trace_is_looked_for_where_tracing_is_on(aws):
    live(aws, "images", "Active")
    aws.to("xray", "get_trace_summaries", {"TraceSummaries": [{"Id": "1-5759e988-bd862e3fe1be46a994272793"}]}, {
        "StartTime": ANY, "EndTime": ANY, "Sampling": False, "FilterExpression": 'http.url CONTAINS "0198c7b2"'})
    assert aws.watch.trace("0198c7b2").startswith("1 traces")


def test_a_trace_is_not_looked_for_where_it_is_off(aws):
    live(aws, "images", "PassThrough")
    with pytest.raises(NotHere, match="tracing is off"):
        aws.watch.trace("0198c7b2")


def test_a_log_line_is_looked_for_until_cloudwatch_has_it(aws, monkeypatch):
    monkeypatch.setattr("darkroom.smoke.waiting.time.sleep", lambda _: None)
    wanted = {"logGroupName": "/aws/lambda/darkroom-dev-resize", "startTime": ANY, "filterPattern": '"0198c7b2"'}
    line = json.dumps({"image_id": "0198c7b2", "message": "developed"})
    for events in ([], [{"message": line}]):
        aws.to("logs", "filter_log_events", {"events": events}, wanted)
    assert aws.watch.log_line("resize", "0198c7b2").endswith("the first: developed")


def execution(aws, status, states):
    at = datetime(2026, 1, 31, tzinfo=timezone.utc)
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:darkroom-dev-process-image:one"
    aws.to("stepfunctions", "describe_execution", {
        "executionArn": arn, "stateMachineArn": MACHINE, "status": status, "startDate": at, "stopDate": at,
        "stateMachineAliasArn": f"{MACHINE}:live", "input": "{}"}, {"executionArn": arn})
    events = [{"timestamp": at, "type": "TaskStateExited", "id": number, "stateExitedEventDetails": {"name": name}}
              for number, name in enumerate(states)]
    aws.to("stepfunctions", "get_execution_history", {"events": events}, {"executionArn": arn})


def test_the_states_of_an_execution_are_read(aws):
    execution(aws, "SUCCEEDED", ["Validate image", "Create variants", "Apply watermark", "Publish record"])
    assert "'Apply watermark' among them" in aws.watch.steps_of("one")
    assert aws.beliefs.alias_executions() == ("seen", "an execution through live took on its role")


def test_an_execution_without_a_watermark_is_not_taken_for_one(aws):
    execution(aws, "SUCCEEDED", ["Validate image", "Create variants", "Publish record"])
    with pytest.raises(Failure, match="left Validate image, Create variants, Publish record"):
        aws.watch.steps_of("one")


# ------------------------------------------------------------------------------------- what only an account can settle


@pytest.mark.parametrize(("status", "verdict"), [
    ({"LatestDeliveryTime": datetime(2026, 1, 31, tzinfo=timezone.utc)}, "seen"),
    ({"LatestDeliveryError": "AccessDenied"}, "WRONG"),
    ({}, "unseen"),
])
def test_what_the_trail_says_of_its_last_delivery(aws, told, status, verdict):
    aws.to("cloudtrail", "get_trail_status", {"IsLogging": True} | status, {"Name": FACTS["trail_arn"]})
    told.settle("trail", aws.beliefs.trail)
    assert told.beliefs[0].verdict == verdict


@pytest.mark.parametrize(("error", "verdict"), [("Image.Gone", "seen"), ("Worker.Denied", "WRONG"), (None, "WRONG")])
def test_a_version_that_is_gone_must_not_be_forbidden(aws, error, verdict):
    body = json.dumps({"errorType": error} if error else {"stage": "resize"}).encode()
    aws.to("lambda", "invoke", {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(body), len(body))},
           {"FunctionName": "darkroom-dev-validate", "Qualifier": "live", "Payload": b'{"stage": "validate"}'})
    assert aws.beliefs.missing_version({"stage": "validate"})[0] == verdict


class Answering:
    """A person whose every caption is answered with this status."""

    def __init__(self, **statuses):
        self.id, self.person, self.statuses = "0198c7b2", self, statuses

    def call(self, _method, _path, body):
        return Answer(self.statuses.get("all") or CAPTIONS[body["caption"]], {}, b"{}")


@pytest.mark.parametrize("there", [True, False])
def test_captions_that_pass_settle_something_where_there_is_a_firewall(aws, told, there):
    aws.firewall(there)
    told.settle("captions", lambda: aws.beliefs.captions(Answering()))
    assert told.beliefs[0].verdict == ("seen" if there else "unseen")


@pytest.mark.parametrize(("status", "words"), [(403, "the firewall refuses 'I <3 this"), (500, "answered 500, 500")])
def test_a_caption_that_is_refused_is_told(aws, status, words):
    verdict, said = aws.beliefs.captions(Answering(all=status))
    assert verdict == "WRONG" and words in said


@pytest.mark.parametrize(("limit", "rate", "words"), [(10, 10000.0, "reduced"), (1000, 100.0, "reduced"),
                                                      (1000, 10000.0, "the usual ones")])
def test_quotas_of_a_new_account_are_told(aws, limit, rate, words):
    aws.to("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": limit}})
    aws.to("apigateway", "get_account", {"throttleSettings": {"burstLimit": 5000, "rateLimit": rate}})
    assert words in aws.beliefs.quotas()[1]


def mails_through(aws, sender):
    aws.to("cognito-idp", "describe_user_pool", {"UserPool": {"EmailConfiguration": {"EmailSendingAccount": sender}}})


def test_a_role_that_a_sender_needs_is_looked_at(aws):
    mails_through(aws, "DEVELOPER")
    role = {"Path": "/", "RoleName": "x" * 20, "RoleId": "A" * 20, "Arn": "arn:aws:iam::111122223333:role/one",
            "CreateDate": datetime(2026, 1, 31, tzinfo=timezone.utc)}
    aws.to("iam", "get_role", {"Role": role}, {"RoleName": "AWSServiceRoleForAmazonCognitoIdpEmailService"})
    assert aws.beliefs.service_linked_roles() == ("seen", "there is the one of: a sender of mail")


def test_a_role_that_may_not_be_looked_at_or_that_nothing_asks_for_is_unseen(aws, told):
    mails_through(aws, "DEVELOPER")
    aws.stub("iam").add_client_error("get_role", "AccessDenied")
    told.settle("roles", aws.beliefs.service_linked_roles)
    mails_through(aws, "COGNITO_DEFAULT")
    told.settle("roles", aws.beliefs.service_linked_roles)
    assert [belief.verdict for belief in told.beliefs] == ["unseen", "unseen"]
    assert "could not be looked at" in told.beliefs[0].said and "neither a sender" in told.beliefs[1].said


def test_logs_of_cloudfront_are_looked_for_in_their_bucket(aws):
    aws.to("s3", "list_objects_v2", {"Contents": [{"Key": "cloudfront/AWSLogs/111122223333/CloudFront/one.gz"}]},
           {"Bucket": f"darkroom-dev-logs-{ACCOUNT}", "Prefix": "cloudfront/AWSLogs/", "MaxKeys": 1})
    assert aws.beliefs.cloudfront_logs()[0] == "seen"


def test_interfaces_are_counted_and_settle_nothing(aws):
    aws.to("ec2", "describe_network_interfaces", {"NetworkInterfaces": [{}, {}]}, {
        "Filters": [{"Name": "description", "Values": ["AWS Lambda VPC ENI-darkroom-dev-*"]}]})
    verdict, said = aws.beliefs.network_interfaces()
    assert verdict == "unseen" and "2 interfaces" in said


def test_each_belief_is_in_the_document_with_how_one_notices(aws):
    chapter = (ROOT / "docs/DEPLOY.md").read_text(encoding="utf-8").partition("## What only an account can settle")[2]
    lines = re.findall(r"^\|.*\|$", chapter.partition("\n## ")[0], re.MULTILINE)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    settled = re.findall(r'settle\("([^"]+)"', Path(story.__file__).read_text(encoding="utf-8"))
    assert sorted(row[0] for row in rows[2:]) == sorted(settled)
    assert all(len(row) == 3 and all(row) for row in rows)


# ----------------------------------------------------------------------------------------------------------- the report


def test_a_step_that_fails_is_told_and_what_needs_it_is_left_out(told, capsys):
    def wrong():
        raise Failure("it is not there", hint="make apply ENV=dev")

    assert not told.prove("photo", wrong)
    assert not told.prove("variants", lambda: pytest.fail("must not run"), "photo")
    assert told.prove("alarms", lambda: "all quiet")
    assert [step.verdict for step in told.steps] == ["FAIL", "skip", "ok"]
    assert not told.ok and not told.document()["ok"]
    assert "it is not there" in capsys.readouterr().out


def test_an_unforeseen_answer_is_a_failure_of_its_step(told):
    told.prove("photo", lambda: {}["image_id"])
    assert told.steps[0].verdict == "FAIL" and "image_id" in told.steps[0].said


def test_what_is_wrong_fails_the_run_and_what_is_unseen_does_not(told):
    told.settle("one", lambda: (report.UNSEEN, "not yet"))
    assert told.ok
    told.settle("two", lambda: (report.WRONG, "no"))
    assert not told.ok


def test_what_an_engine_shows_settles_nothing():
    here = Report("local", "http://127.0.0.1:4566", local=True)
    here.settle("one", lambda: (report.SEEN, "as it should be"))
    here.settle("two", lambda: (report.WRONG, "no"))
    assert [belief.verdict for belief in here.beliefs] == ["unseen", "WRONG"]


# ------------------------------------------------------------------------------------------------------ the small parts


def test_on_aws_an_address_must_be_named(aws):
    with pytest.raises(Failure, match="hint: make smoke ENV=dev MAIL="):
        Person(aws.target, None)


def test_the_size_of_a_jpeg_is_read(aws):
    assert photo.size_of_jpeg((photo.IMAGES / "dandelion.jpg").read_bytes()) == (2400, 1350)
    assert photo.size_of_jpeg((photo.IMAGES / "progressive.jpg").read_bytes())[0] > 0
    with pytest.raises(Failure):
        photo.size_of_jpeg((photo.IMAGES / "tiny.png").read_bytes())


def test_an_answer_tells_its_code_and_nothing_else():
    body = json.dumps({"code": "Request.NotFound", "title": "There is no such thing", "url": "https://secret"}).encode()
    assert str(Answer(404, {}, body)) == "404 Request.NotFound There is no such thing"
    assert str(Answer(403, {}, b"<Error>")) == "403, 7 bytes"
    assert photo.s3_code(b"<Error><Code>AccessDenied</Code><Message>secret</Message></Error>") == "AccessDenied"
