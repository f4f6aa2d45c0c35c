"""`make deploy-lambdas SHIFT=10`: a release for some of the calls first, and back by itself when something goes wrong.
Every call to AWS is held against the SDK's own description of the service."""

import re
import signal
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from botocore.stub import ANY, Stubber

from darkroom.console import Failure
from darkroom.deploy import lambdas, shift
from darkroom.deploy.shift import Change, Share, Watch, gradually

UPLOAD = Change("upload", "darkroom-dev-upload", "3", "4")
RESIZE = Change("resize", "darkroom-dev-resize", "7", "8")
QUIET = {"function-errors-upload": "OK", "dead-letter-queue-not-empty": "OK"}


class Aws:
    """The two services, with prepared answers in their order, and no others."""

    def __init__(self):
        keys = {"region_name": "eu-central-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.functions, self.watch = boto3.client("lambda", **keys), boto3.client("cloudwatch", **keys)
        self.stubs = Stubber(self.functions), Stubber(self.watch)
        for stub in self.stubs:
            stub.activate()

    def points(self, change, version, **also):
        wanted = {"FunctionName": change.function, "Name": "live", "FunctionVersion": version,
                  "RoutingConfig": {"AdditionalVersionWeights": {key[1:]: share for key, share in also.items()}}}
        self.stubs[0].add_response("update_alias", {}, wanted)

    def alarms(self, **states):
        found = [{"AlarmName": f"darkroom-dev-{name}", "StateValue": state} for name, state in states.items()]
        self.stubs[1].add_response("describe_alarms", {"MetricAlarms": found}, {"AlarmNamePrefix": "darkroom-dev-"})

    def errors(self, change, count):
        dimensions = [{"Name": "FunctionName", "Value": change.function},
                      {"Name": "Resource", "Value": f"{change.function}:live"},
                      {"Name": "ExecutedVersion", "Value": change.after}]
        points = [{"Sum": float(count), "Timestamp": datetime.now(timezone.utc)}]
        self.stubs[1].add_response("get_metric_statistics", {"Datapoints": points}, {
            "Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistics": ["Sum"], "Period": 60,
            "Dimensions": dimensions, "StartTime": ANY, "EndTime": ANY,
        })

    def shift(self, *changes, minutes=1.0, sleep=lambda _: None):
        gradually(self.functions, Watch(self.watch, "dev", [*changes]), [*changes], Share(10, minutes), sleep)

    def all_was_asked(self):
        for stub in self.stubs:
            stub.assert_no_pending_responses()


@pytest.fixture
def aws():
    aws = Aws()
    yield aws
    aws.all_was_asked()


def test_a_quiet_release_gets_all_calls_in_the_end(aws):
    aws.alarms(**QUIET)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.points(RESIZE, "7", v8=0.1)
    for _ in range(2):  # a minute, with a look each half
        aws.alarms(**QUIET)
        aws.errors(UPLOAD, 0)
    aws.points(UPLOAD, "4")
    aws.points(RESIZE, "8")
    aws.shift(UPLOAD, RESIZE)


def test_an_alarm_takes_the_release_back(aws):
    aws.alarms(**QUIET)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.alarms(**QUIET | {"dead-letter-queue-not-empty": "ALARM"})
    aws.points(UPLOAD, "3")
    with pytest.raises(Failure, match=r"rings: darkroom-dev-dead-letter-queue-not-empty\. The release was taken back"):
        aws.shift(UPLOAD)


def test_an_alarm_that_rang_before_is_not_the_releases_fault(aws):
    ringing = QUIET | {"dead-letter-queue-not-empty": "ALARM"}
    aws.alarms(**ringing)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.alarms(**ringing)
    aws.errors(UPLOAD, 0)
    aws.points(UPLOAD, "4")
    aws.shift(UPLOAD, minutes=0.5)


def test_an_error_of_the_new_version_takes_every_function_back(aws):
    aws.alarms(**QUIET)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.points(RESIZE, "7", v8=0.1)
    aws.alarms(**QUIET)
    aws.errors(UPLOAD, 1)  # resize is not asked: its errors may be rejected photos
    aws.points(UPLOAD, "3")
    aws.points(RESIZE, "7")
    with pytest.raises(Failure, match="fails: darkroom-dev-upload version 4"):
        aws.shift(UPLOAD, RESIZE)


@pytest.mark.parametrize("reason", [KeyboardInterrupt, ConnectionError])
def test_where_nobody_watches_any_more_nothing_is_tried(aws, reason):
    def interrupted(_):
        raise reason

    aws.alarms(**QUIET)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.points(UPLOAD, "3")
    with pytest.raises(reason):
        aws.shift(UPLOAD, sleep=interrupted)
    aws.all_was_asked()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_takes_the_release_back(aws, number, request):
    # In a job that a shell runs in the background, Ctrl-C is ignored from the start; here it counts.
    request.addfinalizer(partial(signal.signal, number, signal.getsignal(number)))
    before = signal.SIG_DFL
    signal.signal(number, before)
    aws.alarms(**QUIET)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.points(UPLOAD, "3")
    with pytest.raises((SystemExit, KeyboardInterrupt)):
        aws.shift(UPLOAD, sleep=lambda _: signal.raise_signal(number))
    assert signal.getsignal(number) == before


def test_a_second_signal_does_not_stop_the_way_back(aws, monkeypatch):
    really_points = shift.point

    def point(client, function, version, also=None):
        if also is None:
            signal.raise_signal(signal.SIGTERM)
        really_points(client, function, version, also)

    monkeypatch.setattr(shift, "point", point)
    aws.alarms(**QUIET)
    aws.points(UPLOAD, "3", v4=0.1)
    aws.points(UPLOAD, "3")
    with pytest.raises(SystemExit):
        aws.shift(UPLOAD, sleep=lambda _: signal.raise_signal(signal.SIGTERM))


def test_what_nohup_ignores_stays_ignored(aws):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        aws.alarms(**QUIET)
        aws.points(UPLOAD, "3", v4=0.1)
        aws.alarms(**QUIET)
        aws.errors(UPLOAD, 0)
        aws.points(UPLOAD, "4")
        aws.shift(UPLOAD, minutes=0.5, sleep=lambda _: signal.raise_signal(signal.SIGHUP))
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_first_release_is_live_at_once(aws):
    first = Change("upload", "darkroom-dev-upload", "$LATEST", "1")
    aws.alarms(**QUIET)
    aws.points(first, "1")
    aws.shift(first)


@pytest.mark.parametrize(("percent", "minutes"), [(0, 10), (100, 10), (-1, 10), (10, 0), (10, 121)])
def test_what_is_no_share_is_refused(percent, minutes):
    with pytest.raises(Failure):
        Share(percent, minutes)


def alias_of(aws, function, settings, **alias):
    aws.stubs[0].add_response("get_alias", alias, {"FunctionName": function, "Name": "live"})
    wanted = {"FunctionName": function, "Qualifier": alias["FunctionVersion"]}
    aws.stubs[0].add_response("get_function_configuration", settings, wanted)


SETTINGS = {"Description": "release=20260101T000000Z-abc previous=2", "CodeSize": 5_000_000}
TRIED = {"FunctionVersion": "3", "RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}}}


def environment(aws):
    return SimpleNamespace(name="dev", functions={"upload": UPLOAD.function}, client=lambda: aws.functions)


def test_the_status_says_what_is_being_tried(aws, capsys):
    alias_of(aws, UPLOAD.function, SETTINGS, **TRIED)
    lambdas.status(environment(aws))
    assert "version    3 " in (said := capsys.readouterr().out) and "10% of the calls on version 4" in said


def test_a_rollback_ends_what_is_being_tried(aws):
    alias_of(aws, UPLOAD.function, SETTINGS, **TRIED)
    aws.points(UPLOAD, "3")
    lambdas.rollback(environment(aws), ["upload"], None)


def test_a_rollback_goes_to_the_version_before(aws):
    alias_of(aws, UPLOAD.function, SETTINGS, FunctionVersion="3")
    aws.points(UPLOAD, "2")
    lambdas.rollback(environment(aws), ["upload"], None)


def test_terraform_never_undoes_it():
    functions = (lambdas.REPOSITORY / "terraform/modules/functions/main.tf").read_text()
    assert "ignore_changes = [function_version, routing_config]" in functions
    assert "ignore_changes = [filename, s3_bucket, s3_key, source_code_hash]" in functions
    assert shift.ALIAS == "live" and 'name             = "live"' in functions


def test_the_permissions_written_down_are_the_calls_that_are_made():
    """The permissions for shipping code alone. A waiter makes calls too, by another name than its own."""
    document = (lambdas.REPOSITORY / "docs/DEPLOY.md").read_text(encoding="utf-8")
    words = document.partition("\n`deploy-lambdas`, ")[2].partition("\n\n")[0]
    said = set(re.findall(r"`(?:\w+:)?([A-Z][a-z]\w+)`", words))
    code = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in (lambdas, shift))
    service = Aws().functions
    calls = {*re.findall(r"\b(?:client|cloudwatch)\.(\w+)\(", code), *re.findall(r'get_paginator\("(\w+)"\)', code)}
    called = {service.get_waiter(name).config.operation for name in re.findall(r'get_waiter\("(\w+)"\)', code)}
    called |= {"".join(map(str.title, call.split("_"))) for call in calls - {"get_paginator", "get_waiter"}}
    assert {"DescribeAlarms", "GetAlias", "GetFunction", "GetMetricStatistics"} < called
    assert said == called
