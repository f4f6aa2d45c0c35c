"""The engine itself, started with the state of one that ended at a bad moment."""
import io
import json
import zipfile

import pytest

from darkroom.aws import client
from darkroom.paths import REGION, Stack
from darkroom.stack import checks, engine
from tests.support.waiting import until

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


@pytest.fixture
def stack(tmp_path):
    stack = Stack(tmp_path, checks.free_port(), Stack.from_environment().venv)
    engine.start(stack)
    yield stack
    engine.stop(stack)


def states(functions):
    versions = functions.list_versions_by_function(FunctionName="f")["Versions"]
    return {each["Version"]: (each["State"], each["LastUpdateStatus"]) for each in versions}


def test_r53_a_function_that_was_not_ready_becomes_ready(stack):
    """As a checkpoint keeps it that falls into the half second after its code was sent."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    roles = client("iam", region=REGION, endpoint=stack.endpoint)
    role = roles.create_role(RoleName="f", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    functions = client("lambda", region=REGION, endpoint=stack.endpoint)
    functions.create_function(FunctionName="f", Runtime="provided.al2023", Role=role, Handler="bootstrap",
                              Code={"ZipFile": code.getvalue()})
    functions.get_waiter("function_active_v2").wait(FunctionName="f", WaiterConfig={"Delay": 1})
    functions.publish_version(FunctionName="f")
    engine.stop(stack)
    kept = stack.engine / "state" / "lambda.json"
    ready, waiting = kept.read_text(), kept.read_text()
    for done, begun in (('"State": "Active"', '"State": "Pending"'),
                        ('"LastUpdateStatus": "Successful"', '"LastUpdateStatus": "InProgress"')):
        assert ready.count(done) == 2, "the function, and its version"
        waiting = waiting.replace(done, begun)
    kept.write_text(waiting)
    engine.start(stack)
    until(lambda: states(functions) == dict.fromkeys(("$LATEST", "1"), ("Active", "Successful")), "ready", 5)
