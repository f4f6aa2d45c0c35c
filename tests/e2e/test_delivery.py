"""Messages that come more than once, and messages that announce nothing. The queue promises each at least once, in no
order; Darkroom makes exactly one execution of it."""

import json

import pytest

from tests.support import photos
from tests.support.operations import GOES_BACK, HAPPY, RUN, image_id_of_import
from tests.support.waiting import until

CONTENT = photos.fixture("gray.jpg")
THRICE = f"imports/{RUN}/thrice.jpg"
# What S3 sends when notifications are set: it announces nothing, and each call of a function brings its older lines.
NOTHING = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})


def waiting_event(operator):
    """The event that S3 put into the queue while the intake was paused. It stays in the queue."""
    queue = operator.stack["uploads_queue_url"]

    def received():
        found = operator.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                             VisibilityTimeout=0)
        ours = [message["Body"] for message in found.get("Messages", []) if RUN in message["Body"]]
        return ours[0] if ours else None

    return until(received, "the event of S3")


def suppressed(operator, image_id, count):
    """The duplicates of this image that were noticed, and the metric that counts them. The engine waits a quarter of a
    second for the lines of a call; on a busy machine, those that are late come with the next call of that process."""
    operator.acknowledged(NOTHING, NOTHING, NOTHING, NOTHING)
    lines = operator.until_logged("orchestrator", count, message="duplicate suppressed", image_id=image_id)
    assert any("DuplicateSuppressed" in line for line in operator.lines("orchestrator"))
    return lines


@pytest.fixture(scope="module")
def event(operator):
    """An event exactly as S3 sent it, three times at once."""
    with operator.intake_paused():
        operator.put_original(THRICE, CONTENT)
        event = waiting_event(operator)
        operator.deliver(event, event)
    return event


@pytest.fixture(scope="module")
def image_id(event):
    return image_id_of_import(THRICE)


def test_r01_r08_three_deliveries_at_once_are_one_execution(operator, image_id):
    assert operator.decided(image_id)["status"] == "ready"
    execution = operator.execution(image_id)
    assert (execution.status, execution.states) == ("SUCCEEDED", HAPPY)
    suppressed(operator, image_id, 2)
    assert len(operator.variant_versions(image_id)) == len(photos.SIDES), "each written once"


def test_r01_a_delivery_after_the_end_changes_nothing(operator, event, image_id):
    before = operator.decided(image_id)
    operator.acknowledged(event, event, event)
    suppressed(operator, image_id, 5)
    assert operator.record(image_id) == before, "not even its time"
    assert len(operator.executions(image_id)) == 1


def test_r02_an_older_event_never_overtakes_a_newer_one(operator, event, image_id):
    before = operator.decided(image_id)
    older = json.loads(event)
    older["Records"][0]["s3"]["object"] |= {"sequencer": "1", "versionId": "an-older-version"}
    operator.acknowledged(json.dumps(older))
    suppressed(operator, image_id, 6)
    assert operator.record(image_id) == before
    assert len(operator.executions(image_id)) == 1


def of_another_bucket(event):
    event["Records"][0]["s3"]["bucket"]["name"] = "another-accounts-bucket"


def a_removal(event):
    event["Records"][0]["eventName"] = "ObjectRemoved:Delete"


@pytest.mark.parametrize("change", [of_another_bucket, a_removal])
def test_r03_an_event_that_is_none_of_our_business_is_acknowledged(operator, event, change):
    other = json.loads(event)
    change(other)
    [message] = operator.acknowledged(json.dumps(other))
    operator.until_logged("orchestrator", message="ignored", message_id=message)


def test_r03_the_test_event_is_acknowledged(operator):
    executions = len(operator.all_executions())
    # As S3 sends it when the notification is set up.
    [message] = operator.acknowledged(json.dumps({
        "Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-01-31T12:00:00.000Z",
        "Bucket": operator.stack["originals_bucket"], "RequestId": "5582815E1AEA5ADF", "HostId": "8cLeGAmw098X5cv4",
    }))
    operator.until_logged("orchestrator", message="ignored", message_id=message)
    assert len(operator.all_executions()) == executions


def test_r03_a_message_without_records_is_acknowledged(operator):
    executions = len(operator.all_executions())
    operator.acknowledged('{"Records":[]}')
    assert len(operator.all_executions()) == executions


@pytest.fixture
def hurried_queue(operator):
    """A queue that hands a failed message out again after two seconds, five times. The real one keeps it to itself for
    four minutes and hands it out a hundred times before it is a dead letter: most of seven hours."""
    queue = operator.stack["uploads_queue_url"]
    names = ["VisibilityTimeout", "RedrivePolicy"]
    before = operator.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    redrive = json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": 5}
    hurried = {"VisibilityTimeout": "2", "RedrivePolicy": json.dumps(redrive)}
    operator.sqs.set_queue_attributes(QueueUrl=queue, Attributes=hurried)
    yield
    operator.sqs.set_queue_attributes(QueueUrl=queue, Attributes=before)


MALFORMED = ["hello?", '{"detail": {"bucket": "x"}}', "[]"]


def test_r05_r06_malformed_messages_die_alone(operator, hurried_queue):
    key = f"imports/{RUN}/beside malformed messages.jpg"
    image_id = image_id_of_import(key)
    with operator.intake_paused():
        operator.put_original(key, CONTENT)
        waiting_event(operator)
        malformed = operator.deliver(*MALFORMED)
    assert operator.decided(image_id)["status"] == "ready", "their neighbour in the batch"
    until(lambda: operator.dead_letters() >= len(MALFORMED), "the dead letters")
    assert sorted(taken_dead_letters(operator)) == sorted(MALFORMED)
    for message in malformed:
        tried = operator.until_logged("orchestrator", 5, message=GOES_BACK, message_id=message)
        assert {line["code"] for line in tried} == {"Worker.BadInput"}
    assert len(operator.executions(image_id)) == 1


def taken_dead_letters(operator):
    """Takes all messages out of the queue of dead letters."""
    queue = operator.stack["uploads_dlq_url"]
    bodies = []
    while operator.dead_letters():
        for message in operator.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            bodies.append(message["Body"])
            operator.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return bodies
