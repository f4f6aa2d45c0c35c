"""Terraform and the engine killed at random moments, each time followed by one `make up`, which must succeed, keep what
users have, and leave nothing twice. Without the Lambdas' code: that is shipped afterwards, and idempotent.

A round takes about a minute; SEED=7 for other moments.
"""
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from darkroom.aws import client
from darkroom.paths import REGION, TOOLS, Stack
from darkroom.stack import checks, converge, engine, provision

UP = ("from darkroom.paths import Stack; from darkroom.stack import converge, engine, provision\n"
      "stack = Stack.from_environment(); stack.logs.mkdir(parents=True, exist_ok=True)\n"
      "converge.prepare(stack); engine.start(stack); provision.prepare(stack); converge.apply(stack)")
KILLS = 10
pytestmark = pytest.mark.whole
BUCKET = "darkroom-local-originals-000000000000"
TABLE = "darkroom-local-images"
RECORD = {"pk": {"S": "a user"}, "sk": {"S": "a photo"}}


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    home = tmp_path_factory.mktemp("stack")
    stack = Stack(home, checks.free_port(), Stack.from_environment().venv)
    yield stack
    engine.stop(stack)


def begin(stack):
    environment = stack.child_environment() | {"PYTHONPATH": str(TOOLS)}
    return subprocess.Popen([sys.executable, "-c", UP], env=environment, start_new_session=True)


def kill_in_the_midst(stack, chance, seconds):
    process = begin(stack)
    time.sleep(chance.uniform(1, seconds))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if chance.random() < 0.5 and (pid := engine.running(stack)):
        os.kill(pid, signal.SIGKILL)


def aws(stack, service):
    return client(service, region=REGION, endpoint=stack.endpoint)


def brings_it_up(stack):
    assert begin(stack).wait() == 0
    planned = provision.plan(stack, {})["resource_changes"]
    assert [one["address"] for one in planned if one["change"]["actions"] not in (["no-op"], ["read"])] == []
    made = json.loads(stack.terraform_state.read_text())["resources"]
    counted = {kind: sum(len(one["instances"]) for one in made if one["mode"] == "managed" and one["type"] == kind)
               for kind in ("aws_api_gateway_rest_api", "aws_cognito_user_pool", "aws_kms_key",
                            "aws_lambda_event_source_mapping")}
    mappings = aws(stack, "lambda").list_event_source_mappings()["EventSourceMappings"]
    assert counted == {
        "aws_api_gateway_rest_api": len(aws(stack, "apigateway").get_rest_apis()["items"]),
        "aws_cognito_user_pool": len(aws(stack, "cognito-idp").list_user_pools(MaxResults=60)["UserPools"]),
        "aws_kms_key": len(aws(stack, "kms").list_keys()["Keys"]),
        "aws_lambda_event_source_mapping": len(mappings),
    }, "nothing is there twice"


def pool(stack):
    return aws(stack, "cognito-idp").list_user_pools(MaxResults=60)["UserPools"][0]["Id"]


def test_r53_a_first_provisioning(stack, chance):
    for _round in range(KILLS):
        kill_in_the_midst(stack, chance, 40)
    brings_it_up(stack)


def test_r53_a_later_one_keeps_users_and_photos(stack, chance):
    """Terraform forgets half of what it made, more than any kill can take from it."""
    aws(stack, "s3").put_object(Bucket=BUCKET, Key="uploads/a/photo", Body=b"a photo")
    aws(stack, "dynamodb").put_item(TableName=TABLE, Item=RECORD)
    user_pool = pool(stack)
    aws(stack, "cognito-idp").admin_create_user(UserPoolId=user_pool, Username="user@example.com")
    engine.stop(stack)  # so that all of it is written, whatever is killed from now on
    for _round in range(KILLS):
        state = json.loads(stack.terraform_state.read_text())
        for resource in state["resources"]:
            if resource["mode"] == "managed":
                resource["instances"] = [one for one in resource["instances"] if chance.random() < 0.5]
        state["serial"] += 1
        stack.terraform_state.write_text(json.dumps(state))
        stack.applied.unlink(missing_ok=True)
        stack.unfinished.write_text(converge.LATER)  # as any kill leaves it
        kill_in_the_midst(stack, chance, 40)
        brings_it_up(stack)
        assert pool(stack) == user_pool
        assert len(aws(stack, "cognito-idp").list_users(UserPoolId=user_pool)["Users"]) == 1
        assert aws(stack, "s3").get_object(Bucket=BUCKET, Key="uploads/a/photo")["Body"].read() == b"a photo"
        assert aws(stack, "dynamodb").get_item(TableName=TABLE, Key=RECORD)["Item"] == RECORD
