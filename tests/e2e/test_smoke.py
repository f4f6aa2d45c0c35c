"""`make smoke` on this stack, so that it keeps working. On a broken environment it names the step, removes all that it
made, and fails."""

import json
import re
import subprocess

import pytest

from faults import failing
from tests.support.running_stack import REPOSITORY

NOT_ON_A_LAPTOP = {"alarms", "trace"}
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def smoke(stack, secrets):
    done = subprocess.run(["make", "-s", "smoke", "JSON=1"], cwd=REPOSITORY, env=stack.environment, text=True,
                          capture_output=True)
    assert done.stdout, done.stderr
    secrets.keep(re.search(r"smoke-[0-9a-f]{12}@example\.com", done.stdout)[0])
    return done, json.loads(done.stdout)


def verdicts(told):
    return {step["name"]: step["verdict"] for step in told["steps"]}


def said(told, name):
    return next(step["said"] for step in told["steps"] if step["name"] == name)


@pytest.fixture(scope="module")
def run(stack, secrets):
    return smoke(stack, secrets)


def test_each_step_is_proved_or_not_on_a_laptop(run):
    done, told = run
    assert done.returncode == 0, done.stderr
    steps = verdicts(told)
    assert {name for name, verdict in steps.items() if verdict == "skip"} == NOT_ON_A_LAPTOP
    assert set(steps.values()) == {"ok", "skip"} and len(steps) == 13
    assert told["ok"] and all(step["said"] for step in told["steps"])


def test_people_read_the_same_as_programs(run):
    done, told = run
    for step in told["steps"]:
        assert f"{step['verdict']:4}  {step['name']}" in done.stderr
        assert step["said"].splitlines()[0] in done.stderr


def test_what_the_laptop_shows_settles_nothing(run):
    _, told = run
    assert len(told["beliefs"]) == 9
    assert {belief["verdict"] for belief in told["beliefs"]} == {"unseen"}
    seen = {belief["name"]: belief["said"] for belief in told["beliefs"]}
    assert "Image.Gone" in seen["missing versions"], "the question itself was asked"
    assert "announce logged" in seen["stream reads with a key of ours"]
    assert "took 3 captions" in seen["managed rules and captions"]


def test_nothing_of_it_is_left(run, operator):
    _, told = run
    image_id = re.search(UUID, said(told, "photo"))[0]
    assert operator.variant_versions(image_id) == []
    assert [execution["status"] for execution in operator.executions(image_id)] == ["SUCCEEDED"]
    assert items_of(operator, image_id) == []


def test_no_password_or_token_or_signature_is_told(run):
    done, _ = run
    for text in (done.stdout, done.stderr):
        assert "X-Amz-Signature" not in text and "eyJ" not in text and "Aa1-" not in text and "whsec_" not in text


def test_an_environment_that_is_broken_fails_at_its_step_and_is_left_clean(stack, secrets, operator):
    with failing(operator, "watermark", "Worker.Misconfigured"):
        done, told = smoke(stack, secrets)
    assert done.returncode != 0 and not told["ok"]
    steps = verdicts(told)
    assert [name for name, verdict in steps.items() if verdict == "FAIL"] == ["photo"]
    assert "failed: Worker.Misconfigured" in said(told, "photo")
    assert (steps["account"], steps["rejection"], steps["cleaning"]) == ("ok", "ok", "ok")
    assert steps["variants"] == steps["deletion"] == "skip" and "photo" in said(told, "variants")
    execution = re.search(rf"execution ({UUID})", said(told, "photo"))[1]
    assert items_of(operator, execution) == [], "the photo that failed was deleted too"


def items_of(operator, image_id):
    """All that the table has of a photo but the memory of its deletion, which stays for thirty days (ADR 34)."""
    scanned = operator.dynamodb.scan(TableName=operator.stack["images_table"],
                                     FilterExpression="image_id = :id AND NOT begins_with(sk, :memory)",
                                     ExpressionAttributeValues={":id": {"S": image_id}, ":memory": {"S": "DELETED#"}})
    return scanned["Items"]
