"""`make apply` changes the live settings: a version keeps the settings that it was published with."""

import base64
import hashlib
from types import SimpleNamespace

import boto3
import pytest
from botocore.stub import Stubber

from darkroom.deploy import doctor, lambdas
from darkroom.deploy.root import Root
from darkroom.paths import Stack

FUNCTION = "darkroom-dev-upload"
CODE = b"the archive that is live"
LIVE_CODE, OTHER_CODE = base64.b64encode(hashlib.sha256(CODE).digest()).decode(), "b" * 43 + "="
APPLIED = {"Timeout": 15, "MemorySize": 256, "Environment": {"Variables": {"CORS_ORIGINS": "https://photos.example.com"}}}
LIVE = APPLIED | {"CodeSha256": LIVE_CODE, "Description": "release=20260101T000000Z-abc previous=2"}


class Lambda:
    """The service, with prepared answers in their order, and no others."""

    def __init__(self):
        self.client = boto3.client("lambda", region_name="eu-central-1", aws_access_key_id="test",
                                   aws_secret_access_key="test")
        self.stub = Stubber(self.client)
        self.stub.activate()

    def says(self, operation, answer, **wanted):
        self.stub.add_response(operation, answer, {"FunctionName": FUNCTION} | wanted)

    def alias(self, version="3", **also):
        self.says("get_alias", {"FunctionVersion": version} | also, Name="live")

    def configuration(self, settings, **qualifier):
        self.says("get_function_configuration", settings, **qualifier)

    def published(self, version, uploads=False):
        """The calls of `publish`, after which the alias moves."""
        self.says("get_function", {"Code": {"Location": "https://awslambda.example.com/code"}}, Qualifier="3")
        self.alias()
        self.configuration(LIVE | {"Timeout": 10}, Qualifier="3")
        self.configuration(LIVE | {"CodeSha256": OTHER_CODE if uploads else LIVE_CODE})
        if uploads:
            self.says("update_function_code", {}, ZipFile=CODE)
            self.says("get_function", {"Configuration": {"LastUpdateStatus": "Successful"}})
            self.configuration(LIVE)
        self.stub.add_response("publish_version", {"Version": version})
        self.says("get_function", {"Configuration": {"State": "Active"}}, Qualifier=version)
        self.says("update_alias", {}, Name="live", FunctionVersion=version,
                  RoutingConfig={"AdditionalVersionWeights": {}})

    def publish_settings(self):
        environment = SimpleNamespace(name="dev", functions={"upload": FUNCTION}, client=lambda: self.client)
        lambdas.publish_settings(environment)
        self.stub.assert_no_pending_responses()


@pytest.fixture
def aws(monkeypatch):
    monkeypatch.setattr(lambdas, "download", lambda location: CODE if location.endswith("/code") else None)
    return Lambda()


def test_changed_settings_get_a_version_and_the_alias(aws, capsys):
    aws.alias()
    aws.configuration(LIVE | {"Timeout": 10}, Qualifier="3")
    aws.configuration(LIVE)
    aws.published("4")
    aws.publish_settings()
    assert f"{FUNCTION}: 3 → 4, for its settings" in capsys.readouterr().err


def test_after_a_rollback_it_is_the_code_that_is_live_which_is_published(aws):
    aws.alias()
    aws.configuration(LIVE | {"Timeout": 10}, Qualifier="3")
    aws.configuration(LIVE | {"CodeSha256": OTHER_CODE})
    aws.published("5", uploads=True)
    aws.publish_settings()


@pytest.mark.parametrize("latest", [LIVE, LIVE | {"CodeSha256": OTHER_CODE}], ids=["nothing", "the code alone"])
def test_what_terraform_did_not_change_is_left_alone(aws, latest):
    aws.alias()
    aws.configuration(LIVE, Qualifier="3")
    aws.configuration(latest)
    aws.publish_settings()


def test_before_the_first_release_the_settings_are_live_already(aws):
    aws.alias("$LATEST")
    aws.configuration(LIVE, Qualifier="$LATEST")
    aws.configuration(LIVE)
    aws.publish_settings()


def test_a_release_that_is_being_tried_is_not_ended(aws, capsys):
    aws.alias(RoutingConfig={"AdditionalVersionWeights": {"4": 0.1}})
    aws.configuration(LIVE | {"Timeout": 10}, Qualifier="3")
    aws.configuration(LIVE)
    aws.publish_settings()
    assert "a release is being tried" in capsys.readouterr().err


@pytest.mark.parametrize(("latest", "verdict", "words"), [
    (LIVE, "ok", "each function runs what was applied"),
    (LIVE | {"Timeout": 30, "MemorySize": 512}, "FAIL",
     "upload runs with other settings than were applied: Timeout, MemorySize\n"
     "hint: make deploy-lambdas ENV=dev FN=upload"),
    (LIVE | {"CodeSha256": OTHER_CODE}, "warn", "other code than was shipped last"),
])
def test_the_doctor_compares_what_was_applied_with_what_is_live(aws, monkeypatch, tmp_path, latest, verdict, words):
    monkeypatch.setattr(Root, "client", lambda *_: aws.client)
    monkeypatch.setattr(Root, "outputs", lambda _: {"functions": {"upload": FUNCTION}})
    aws.configuration(LIVE, Qualifier="live")
    aws.configuration(latest)
    ((said, line),) = doctor.settings(Root("dev", Stack(tmp_path, 4566, tmp_path)))
    assert said == verdict and words in line
    aws.stub.assert_no_pending_responses()
