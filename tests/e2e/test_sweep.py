"""R51, R58: photos that did not end by themselves are found and finished. The tests write into the table and the
buckets what an interruption would have left there, two days ago."""

import json
import os
import time
import uuid

import pytest
from boto3.dynamodb.types import TypeSerializer

from tests.e2e.test_deletion import NOWHERE, remains
from tests.support import photos
from tests.support.client import problem
from tests.support.waiting import until

HOUR = 3600
AGE = 49 * HOUR


def ago(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds))


def id_of(seconds_ago):
    """A UUID of version 7 of that time: the sweeper leaves young ids alone."""
    number = int((time.time() - seconds_ago) * 1000) << 80 | int.from_bytes(os.urandom(10))
    return str(uuid.UUID(int=number & ~(0xF << 76 | 0x3 << 62) | 7 << 76 | 2 << 62))


def shard(image_id):
    return f"shard-{uuid.UUID(image_id).int % 4}"


def write(operator, person, photo, remove=(), **attributes):
    """Sets and removes attributes of a record, which no function learns of."""
    names = {f"#{name}": name for name in (*attributes, *remove)}
    removal = f" REMOVE {', '.join(f'#{name}' for name in remove)}" if remove else ""
    operator.dynamodb.update_item(
        TableName=operator.stack["images_table"],
        Key={"pk": {"S": f"USER#{person.owner_id}"}, "sk": {"S": f"IMAGE#{photo}"}},
        UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in attributes)}{removal}",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f":{name}": TypeSerializer().serialize(value) for name, value in attributes.items()},
    )


def remembered(operator, person, what):
    """What the table remembers of a photo that has no record."""
    key = {"pk": {"S": f"GONE#{person.owner_id}"}, "sk": {"S": what}}
    table = operator.stack["images_table"]
    return operator.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")


def sweep(operator, dry_run=False):
    """Calls the function as its clock does; its answer."""
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {"dry_run": True} if dry_run else {}}
    answer = operator.functions.invoke(
        FunctionName=operator.stack["functions"]["sweep"], Qualifier="live", Payload=json.dumps(event))
    told = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, told
    return told


def step(told, image_id):
    return next((photo["step"] for photo in told["photos"] if photo["image_id"] == image_id), "leave")


@pytest.fixture
def forgotten(ada, operator):
    """A photo whose original is stored and whose event was lost, under a ticket that ended yesterday."""
    image_id = id_of(AGE)
    key = f"uploads/{ada.owner_id}/{image_id}"
    operator.put_original(key, photos.fixture("4-4-4.jpg"), ContentType="image/jpeg")
    # Without a ticket the event is noted and nothing else.
    until(lambda: remembered(operator, ada, f"NOTE#{image_id}"), "the note of an original without a ticket")
    write(operator, ada, image_id, image_id=image_id, owner_id=ada.owner_id, status="awaiting_upload", object_key=key,
          content_type="image/jpeg", created_at=ago(AGE), updated_at=ago(AGE), unfinished=shard(image_id),
          awaited_until=int(time.time()) - 25 * HOUR, expires_at=int(time.time()) + 600 * HOUR)
    return image_id


@pytest.fixture
def photo(ada, operator, forgotten):
    """A ready photo of two days ago."""
    sweep(operator)
    # Until its event is handled, its owner sees no photo: the ticket has ended.
    assert operator.decided(forgotten, ada.owner_id)["status"] == "ready"
    assert operator.execution(forgotten).status == "SUCCEEDED"
    return forgotten


def test_r51_a_photo_whose_event_was_lost_is_developed(ada, operator, forgotten):
    assert step(sweep(operator, dry_run=True), forgotten) == "tell_event"
    assert operator.record(forgotten, ada.owner_id)["status"] == "awaiting_upload", "a dry run only tells"
    assert step(sweep(operator), forgotten) == "tell_event"
    assert operator.decided(forgotten, ada.owner_id)["status"] == "ready"
    assert ada.look(forgotten).json()["status"] == "ready"
    assert step(sweep(operator), forgotten) == "leave"
    assert "unfinished" not in operator.record(forgotten, ada.owner_id)
    assert len(operator.executions(forgotten)) == 1


def test_r58_a_deletion_that_stopped_half_way_is_finished(ada, operator, photo):
    write(operator, ada, photo, status="deleting", sequencer="~", unfinished=shard(photo), updated_at=ago(HOUR),
          remove=("version_id", "ready_id"))
    assert problem(ada.look(photo)) == NOWHERE and len(remains(operator, ada, photo)) >= 5
    assert step(sweep(operator), photo) == "finish_deletion"
    assert remains(operator, ada, photo) == []
    assert operator.record(photo, ada.owner_id) is None
    assert remembered(operator, ada, f"DELETED#{photo}")


def test_r51_an_execution_that_ended_without_an_outcome_is_a_failure_to_start_again(ada, operator, olga, photo):
    write(operator, ada, photo, status="processing", unfinished=shard(photo), began_at=ago(2 * HOUR),
          remove=("outcome", "ready_id", "told_at"))
    assert step(sweep(operator), photo) == "record_failure"
    seen = ada.look(photo).json()
    assert (seen["status"], seen["outcome"]["code"]) == ("failed", "Worker.Stuck")
    [execution] = operator.executions(photo)
    again = olga.api.call("POST", f"/ops/executions/{execution['name']}/restart", token=olga.id_token)
    assert again.status_code in (200, 201, 202), again.text
    assert ada.wait(photo)["status"] == "ready"


def test_r51_a_ticket_that_was_not_used_leaves_the_index(ada, operator):
    image_id = id_of(AGE)
    write(operator, ada, image_id, image_id=image_id, owner_id=ada.owner_id, status="awaiting_upload",
          object_key=f"uploads/{ada.owner_id}/{image_id}", created_at=ago(AGE), updated_at=ago(AGE),
          unfinished=shard(image_id), awaited_until=int(time.time()) - 25 * HOUR, expires_at=int(time.time()) + HOUR)
    assert step(sweep(operator), image_id) == "close_ticket"
    assert "unfinished" not in operator.record(image_id, ada.owner_id)


def test_r51_what_is_under_way_is_left_alone(ada, operator):
    ticket = ada.ticket(photos.fixture("4-4-4.jpg"))
    image_id = ada.upload(photos.fixture("4-4-4.jpg"))
    told = sweep(operator)
    assert (step(told, ticket["image_id"]), step(told, image_id)) == ("leave", "leave")
    assert ada.wait(image_id)["status"] == "ready"
    assert operator.record(ticket["image_id"], ada.owner_id)["status"] == "awaiting_upload"
