"""The machine's behaviour on two interpreters: moto's, which is as strict with paths as AWS, and the local engine's.
Workers are stubs that fail by script; the table is real."""

import copy
import re
import time

import pytest

import machine_harness as harness

HAPPY = [*harness.WORKERS.values(), "Publish record"]
STAGES = list(harness.WORKERS)
REJECTIONS = harness.names_in_the_catalogue("Image")
FAULTS = [*harness.names_in_the_catalogue("Worker"), "Sandbox.Timedout"]
RETRIED = [*harness.names_in_the_catalogue("Transient"), "Runtime.ExitError"] + [
    f"Lambda.{name}"
    for name in (
        "ClientExecutionTimeoutException",
        "ServiceException",
        "AWSLambdaException",
        "SdkClientException",
        "TooManyRequestsException",
        "ResourceNotReadyException",
        "ENINotReadyException",
        "EC2ThrottledException",
        "EC2UnexpectedException",
        "ENILimitReachedException",
        "SubnetIPAddressLimitReachedException",
        "EniNotReadyException",
        "Ec2ThrottledException",
        "Ec2UnexpectedException",
        "EniLimitReachedException",
        "SubnetIpAddressLimitReachedException",
        "Unknown",
    )
]
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
NO_TABLE = harness.definition(images_table="no-such-table")


def without_times(item):
    return {name: value for name, value in item.items() if name != "updated_at"}


def starting_at(state):
    return harness.definition() | {"StartAt": state}


def failing_path(stage):
    return HAPPY[: STAGES.index(stage) + 1]


# ------------------------------------------------------------------------------------------------------- happy path


def test_r19b_a_photo_goes_through_four_states_into_its_record(engine, world):
    photo = world.photo()
    before = photo.item()
    run = engine.run(photo)

    assert (run.status, run.states) == ("SUCCEEDED", HAPPY)
    item, published = photo.item(), run.inputs["Publish record"]["record"]
    written = {"status", "outcome", "source", "facts", "variants", "ready_id", "updated_at"}
    assert {name for name in item if item[name] != before.get(name)} == written
    assert set(before) - set(item) == {"expires_at", "awaited_until", "unfinished"}, "it is not forgotten"
    assert (item["status"], item["ready_id"]) == ({"S": "ready"}, {"S": photo.image_id})
    assert {name: item[name] for name in ("source", "facts", "variants")} == published
    assert RFC_3339.fullmatch(item["updated_at"]["S"])
    assert photo.outcome() == {
        "outcome": "ready",
        "stage": "publish",
        "message": "Every variant is ready.",
        "execution": photo.execution,
    }


def test_each_worker_is_asked_once_with_the_whole_order(engine, world):
    photo = world.photo()
    run = engine.run(photo)
    for stage, state in harness.WORKERS.items():
        assert photo.asked(stage) == [run.inputs[state]]
    assert photo.asked("validate") == [photo.order]
    assert run.output == run.inputs["Publish record"], "the execution's output tells what was published"


def test_r15_every_payload_is_small_and_tells_no_secret(engine, world):
    for script in ({}, {"resize": ["Image.Corrupt"]}, {"watermark": ["Worker.Denied"]}):
        payloads = engine.run(world.photo(**script)).payloads
        assert len(payloads) >= 8
        for payload in payloads:
            assert len(payload.encode()) < 8192
            assert not re.search(r"X-Amz-|://|@|[Tt]oken", payload)


@pytest.mark.parametrize(("stage", "error"), [("validate", "Image.Corrupt"), ("resize", "Worker.Bug")])
def test_what_is_not_ready_any_more_leaves_the_lists_of_what_is(engine, world, stage, error):
    """An operator started it again, under another name, and this time it did not become a picture."""
    photo = world.photo(**{stage: [error]})
    photo.put(status={"S": "ready"}, ready_id={"S": photo.image_id})
    engine.run(photo)
    item = photo.item()
    assert item["status"] != {"S": "ready"} and "ready_id" not in item


# ------------------------------------------------------------------------------------------------------- rejections


@pytest.mark.parametrize("code", REJECTIONS)
def test_r14_a_rejected_image_is_a_success_that_says_why(engine, world, code):
    stage = STAGES[REJECTIONS.index(code) % 3]
    photo = world.photo(**{stage: [code]})
    run = engine.run(photo)

    assert run.status == "SUCCEEDED"
    assert run.states == [*failing_path(stage), "Read the reason", "Record rejection", "Image rejected"]
    assert len(photo.asked(stage)) == 1, "a rejection is never retried"
    item = photo.item()
    assert item["status"] == {"S": "rejected"}
    # It is in the index of rejected photos, in the shard that it had.
    assert item["rejected"] == {"S": "shard-2"}
    assert item["rejected_id"] == {"S": f"{item['updated_at']['S']}#{photo.image_id}"}
    assert RFC_3339.fullmatch(item["updated_at"]["S"])
    assert not {"expires_at", "awaited_until", "unfinished"} & set(item)
    assert photo.outcome() == {
        "outcome": "rejected",
        "code": code,
        "stage": stage,
        "message": f"{code} in {stage}",
        "execution": photo.execution,
        "docs": f"{harness.DOCS}#{code}",
    }


# ---------------------------------------------------------------------------------------------------------- retries


@pytest.mark.parametrize("name", RETRIED)
def test_r13_what_passes_is_tried_again(engine, world, name):
    stage = STAGES[RETRIED.index(name) % 3]
    photo = world.photo(**{stage: [name]})
    run = engine.run(photo)
    assert (run.status, run.states) == ("SUCCEEDED", HAPPY)
    assert photo.asked(stage) == [run.inputs[harness.WORKERS[stage]]] * 2
    assert photo.item()["status"] == {"S": "ready"}


def test_r13_a_refused_worker_is_tried_for_longer_than_any_other(engine, world):
    """More often than the retries of two minutes, which gave photos up while others ran."""
    refusals = ["Lambda.TooManyRequestsException"] * 12 + ["Lambda.ResourceNotReadyException"] * 12
    photo = world.photo(resize=refusals)
    assert engine.run(photo).states == HAPPY
    assert len(photo.asked("resize")) == len(refusals) + 1


def test_a_worker_that_fails_twice_and_then_works_is_retried(engine, world):
    photo = world.photo(resize=["Transient.Storage", "Lambda.Unknown"])
    assert engine.run(photo).states == HAPPY
    assert len(photo.asked("resize")) == 3


def test_r57_pixels_of_another_release_are_made_again(engine, world):
    photo = world.photo(watermark=["Transient.StaleWork"] * 4)
    run = engine.run(photo)
    assert (run.status, run.states) == ("SUCCEEDED", [*HAPPY[:3], "Take it back", *HAPPY[1:]])
    assert [order["stage"] for order in photo.asked("resize")] == ["resize", "resize"]
    assert photo.item()["status"] == {"S": "ready"}


def test_r57_workers_that_never_come_together_are_left_to_an_operator(engine, world):
    photo = world.photo(watermark=["Transient.StaleWork"] * 8 + ["Worker.Misconfigured"])
    run = engine.run(photo)
    assert (run.status, run.error, run.states[-2:]) == (
        "FAILED",
        "Worker.Misconfigured",
        ["Record failure", "Processing failed"],
    )
    assert photo.outcome()["stage"] == "watermark"


def test_r13_a_photo_that_kills_its_worker_each_time_is_given_up_after_three(engine, world):
    photo = world.photo(resize=["Runtime.ExitError"] * 9)
    run = engine.run(photo)
    assert (run.status, run.error, len(photo.asked("resize"))) == ("FAILED", "Runtime.ExitError", 3)
    assert (photo.outcome()["outcome"], photo.outcome()["code"]) == ("failed", "Runtime.ExitError")


def test_a_worker_that_always_fails_ends_in_processing_failed_with_a_record(engine, world):
    photo = world.photo(resize=["Transient.Storage"] * 9)
    run = engine.run(photo)
    assert (run.status, run.error) == ("FAILED", "Transient.Storage")
    assert len(photo.asked("resize")) == 4
    assert (photo.outcome()["outcome"], photo.outcome()["code"]) == ("failed", "Transient.Storage")


# --------------------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("name", FAULTS)
def test_r14_what_an_operator_must_mend_is_red_and_recorded(engine, world, name):
    stage = STAGES[FAULTS.index(name) % 3]
    photo = world.photo(**{stage: [name]})
    run = engine.run(photo)

    assert (run.status, run.error) == ("FAILED", name)
    assert run.states == [*failing_path(stage), "Record failure", "Processing failed"]
    assert len(photo.asked(stage)) == 1
    item = photo.item()
    assert item["status"] == {"S": "failed"}
    assert not {"expires_at", "awaited_until", "unfinished"} & set(item)
    assert f"{name} in {stage}" in run.cause
    assert photo.outcome() == {
        "outcome": "failed",
        "code": name,
        "stage": stage,
        "message": run.cause,
        "execution": photo.execution,
        "docs": f"{harness.DOCS}#{name}",
    }


def test_r12_a_worker_that_hangs_is_given_up_and_recorded(engine, world):
    machine = harness.definition()
    machine["States"]["Create variants"]["TimeoutSeconds"] = 1
    photo = world.photo(resize=["hang"])
    run = engine.run(photo, machine)
    # Not run.error: moto lets no execution end with a States.* name, so there it is States.Runtime.
    assert (run.status, run.states[-1]) == ("FAILED", "Processing failed")
    assert (photo.outcome()["code"], photo.outcome()["stage"]) == ("States.Timeout", "resize")


# ------------------------------------------------------------------------------------ when recording is the trouble


def test_a_record_that_cannot_be_written_yet_is_written_later(engine, world):
    photo = world.photo()
    table = f"late-{photo.image_id}"
    machine = harness.definition(images_table=table)
    # Long and even waits, so that the repair below always falls between two attempts.
    patient = {"IntervalSeconds": 50, "BackoffRate": 1.0, "MaxDelaySeconds": 51, "JitterStrategy": "NONE"}
    machine["States"]["Publish record"]["Retry"][1] |= patient
    execution = engine.start(photo, machine)
    deadline = time.monotonic() + 30
    while not any(event["type"] == "TaskFailed" for event in engine.history(execution)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    world.make_table(table)
    photo.put(table)
    run = engine.finish(execution)
    assert (run.status, run.states) == ("SUCCEEDED", HAPPY)
    assert photo.item(table)["status"] == {"S": "ready"}


@pytest.mark.parametrize(
    ("script", "error", "begun", "recording", "status"),
    [
        ({}, "DynamoDB.ResourceNotFoundException", HAPPY[:3], ["Publish record"], "ready"),
        ({"validate": ["Worker.Denied"]}, "Worker.Denied", HAPPY[:1], ["Record failure"], "failed"),
        (
            {"validate": ["Image.Empty"]},
            "DynamoDB.ResourceNotFoundException",
            HAPPY[:1],
            ["Read the reason", "Record rejection"],
            "rejected",
        ),
    ],
    ids=["publishing", "recording a failure", "recording a rejection"],
)
def test_r17_an_end_that_cannot_be_recorded_is_red_and_redriven(engine, world, script, error, begun, recording, status):
    photo = world.photo(**script)
    failed = engine.run(photo, NO_TABLE)
    assert (failed.status, failed.error) == ("FAILED", error), "the first error, not that of the recording"
    last_words = [*recording, *(["Record failure"] if status != "failed" else []), "Processing failed"]
    assert failed.states == begun + last_words

    for state in recording:
        photo.put()
        again = engine.run(photo, starting_at(state), failed.inputs[state], f"-{recording.index(state)}")
        assert again.states[0] == state
        assert photo.item()["status"] == {"S": status}


ENDS = pytest.mark.parametrize(
    ("script", "recording"),
    [
        ({}, "Publish record"),
        ({"resize": ["Image.Corrupt"]}, "Record rejection"),
        ({"resize": ["Worker.Bug"]}, "Record failure"),
    ],
    ids=["ready", "rejected", "failed"],
)


@ENDS
def test_r02_a_newer_upload_owns_the_record(engine, world, script, recording):
    photo = world.photo(**script)
    photo.put(version_id={"S": "version-2"})
    before = photo.item()
    run = engine.run(photo)
    assert (run.status, run.states[-2:]) == ("SUCCEEDED", [recording, "Newer upload or deleted"])
    assert photo.item() == before


@ENDS
def test_r40_a_deleted_image_stays_deleted(engine, world, script, recording):
    photo = world.photo(**script)
    photo.delete()
    run = engine.run(photo)
    assert (run.status, run.states[-2:]) == ("SUCCEEDED", [recording, "Newer upload or deleted"])
    assert photo.item() is None


# ---------------------------------------------------------------------------------------------------------- redrive


@pytest.mark.parametrize("stage", STAGES)
def test_r17_a_failed_worker_is_redriven_from_its_recorded_input(engine, world, stage):
    photo, control = world.photo(**{stage: ["Worker.Denied"]}), world.photo()
    failed = engine.run(photo)
    state = harness.WORKERS[stage]
    again = engine.run(photo, starting_at(state), failed.inputs[state], "-2")
    assert (again.status, again.states) == ("SUCCEEDED", HAPPY[HAPPY.index(state) :])
    assert photo.item()["status"] == {"S": "ready"}
    engine.run(control)
    assert set(photo.item()) == set(control.item()), "the failure left nothing behind"


def test_r17_a_failed_execution_is_started_again_with_its_own_input(engine, world):
    """What the comment on 'Processing failed' tells the operator to do."""
    photo = world.photo(watermark=["Worker.Misconfigured"])
    assert engine.run(photo).status == "FAILED"
    again = engine.run(photo, again="-2")
    assert (again.status, again.states) == ("SUCCEEDED", HAPPY)
    assert photo.outcome()["execution"] == f"{photo.execution}-2"


def test_r16_doing_it_all_twice_changes_nothing(engine, world):
    photo = world.photo()
    first = engine.run(photo)
    before = copy.deepcopy(photo.item())
    for state in HAPPY:
        machine = starting_at(state)
        # Name and time are part of the outcome; all else must be the same.
        again = engine.run(photo, machine, first.inputs[state], f"-{HAPPY.index(state)}")
        assert again.output == first.output
        after = without_times(photo.item())
        after["outcome"]["M"] |= {name: before["outcome"]["M"][name] for name in ("execution", "at")}
        assert after == without_times(before)
