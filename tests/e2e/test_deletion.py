"""R40: a deleted photo is gone from everywhere, and nothing brings it back."""

import json
import uuid
from datetime import datetime, timezone

import pytest

from tests.support import photos
from tests.support.client import problem, put, send
from tests.support.waiting import until

NOWHERE = (404, "Request.NotFound")


def delete(person, image_id):
    return person.api.call("DELETE", f"/image/{image_id}", token=person.id_token)


def remains(operator, person, image_id):
    """The objects and items that storage and table still hold of the photo."""
    found = []
    for bucket, prefix in [("originals_bucket", f"uploads/{person.owner_id}/{image_id}"),
                           ("images_bucket", f"variants/{image_id}/"), ("images_bucket", f"work/{image_id}/")]:
        listed = operator.s3.list_object_versions(Bucket=operator.stack[bucket], Prefix=prefix)
        found += listed.get("Versions", []) + listed.get("DeleteMarkers", [])
    return found


@pytest.fixture
def photo(ada):
    image_id = ada.upload(photos.fixture("4-4-4.jpg"))
    assert ada.wait(image_id)["status"] == "ready"
    return image_id


def test_what_an_account_stores_is_counted_and_not_what_was_deleted(api):
    person = api.newcomer("storing")
    contents = [photos.fixture("4-4-4.jpg"), photos.fixture("gray.jpg")]
    images = [person.wait(person.upload(content)) for content in contents]
    person.wait(person.upload(b"no picture"))
    sizes = [len(content) + sum(variant["bytes"] for variant in image["variants"].values())
             for content, image in zip(contents, images, strict=True)]

    def stored():
        return person.me()["stored"]

    until(lambda: stored() == {"images": 2, "bytes": sum(sizes), "complete": True}, "both photos to be counted")
    assert delete(person, images[0]["image_id"]).status_code == 204
    until(lambda: stored() == {"images": 1, "bytes": sizes[1], "complete": True}, "one to be counted")


def test_r40_everything_goes(ada, operator, photo):
    url = ada.look(photo).json()["variants"]["small"]["url"]
    slip = operator.put_original(f"uploads/{ada.owner_id}/{photo}", b"another version, by whatever slip")
    operator.until_logged("orchestrator", image_id=photo, version_id=slip, message="version removed")
    assert len(remains(operator, ada, photo)) >= 5
    answer = delete(ada, photo)
    assert (answer.status_code, answer.content) == (204, b"")
    assert remains(operator, ada, photo) == []
    assert problem(ada.look(photo)) == NOWHERE
    assert problem(delete(ada, photo)) == NOWHERE
    assert photo not in ada.api.call("GET", "/images?limit=100", token=ada.id_token).text
    assert send("GET", url).status_code == 404


def test_r40_a_late_event_brings_nothing_back(ada, operator, photo):
    [execution] = operator.executions(photo)
    told = json.loads(operator.sfn.describe_execution(executionArn=execution["executionArn"])["input"])
    source = told["source"]
    assert delete(ada, photo).status_code == 204
    late = {"Records": [{"eventName": "ObjectCreated:Put", "s3": {
        "bucket": {"name": source["bucket"]},
        "object": {"key": source["key"], "size": 7, "versionId": "late", "sequencer": "FF" * 9}}}]}
    operator.acknowledged(json.dumps(late))
    assert problem(ada.look(photo)) == NOWHERE
    assert len(operator.executions(photo)) == 1
    # The orchestrator hides the object of such an event. Here there was none, so a lone delete marker is left.
    assert [found for found in remains(operator, ada, photo) if "Size" in found] == []


def test_r40_a_photo_that_is_being_processed_waits_a_moment(ada, operator):
    image_id = ada.upload(photos.sideways())
    answers = []

    def gone():
        answers.append(delete(ada, image_id))
        return answers[-1].status_code == 204 or None

    until(gone, "the photo to be deleted", 60)
    for busy in answers[:-1]:
        assert problem(busy) == (409, "Request.Conflict") and int(busy.headers["retry-after"]) >= 1
    if operator.executions(image_id):
        operator.execution(image_id)
    assert problem(ada.look(image_id)) == NOWHERE


def test_r40_a_photo_under_development_is_not_pulled_away(ada, operator):
    """The record while an execution runs, and after an execution that never ended."""
    image_id = ada.ticket(b"xyz")["image_id"]

    def processing_since(arrived, began):
        operator.dynamodb.update_item(
            TableName=operator.stack["images_table"],
            Key={"pk": {"S": f"USER#{ada.owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}},
            UpdateExpression="SET #status = :status, arrived_at = :arrived, began_at = :began",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": "processing"}, ":arrived": {"S": arrived},
                                       ":began": {"S": began}})

    now, once = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}", "2020-01-01T00:00:00Z"
    # The second execution began long after its photo arrived, because a queue or a failure delayed it.
    for arrived in (now, once):
        processing_since(arrived, now)
        busy = delete(ada, image_id)
        assert problem(busy) == (409, "Request.Conflict") and int(busy.headers["retry-after"]) >= 1
    processing_since(once, once)
    assert delete(ada, image_id).status_code == 204


def test_r40_an_unused_ticket_can_be_given_back(ada):
    ticket = ada.ticket(photos.fixture("4-4-4.jpg"))
    assert delete(ada, ticket["image_id"]).status_code == 204
    assert problem(ada.look(ticket["image_id"])) == NOWHERE


def test_r40_what_arrives_on_a_ticket_given_back_is_not_developed(ada, operator):
    content = photos.fixture("4-4-4.jpg")
    ticket = ada.ticket(content)
    assert delete(ada, ticket["image_id"]).status_code == 204
    assert put(ticket, content).status_code == 200
    operator.until_logged("orchestrator", image_id=ticket["image_id"], message="ignored")
    assert operator.executions(ticket["image_id"]) == []
    # Hidden under a delete marker, where the bucket's lifecycle removes it.
    newest = [found for found in remains(operator, ada, ticket["image_id"]) if found["IsLatest"]]
    assert len(newest) == 1 and "Size" not in newest[0]


def test_r56_a_message_that_comes_back_after_the_ticket_ran_out_is_developed(ada, operator):
    content = photos.fixture("4-4-4.jpg")
    ticket = ada.ticket(content)
    key = {"pk": {"S": f"USER#{ada.owner_id}"}, "sk": {"S": f"IMAGE#{ticket['image_id']}"}}
    record = operator.record(ticket["image_id"], ada.owner_id)
    assert int(record["expires_at"]) - int(record["awaited_until"]) == 29 * 86400, "longer than a message can wait"
    operator.dynamodb.update_item(TableName=operator.stack["images_table"], Key=key,
                                  UpdateExpression="SET awaited_until = :past",
                                  ExpressionAttributeValues={":past": {"N": "1767225600"}})
    assert problem(ada.look(ticket["image_id"])) == NOWHERE, "its owner sees it for a day"
    assert ticket["image_id"] not in ada.api.call("GET", "/images?limit=100", token=ada.id_token).text
    assert put(ticket, content).status_code == 200
    until(lambda: ada.look(ticket["image_id"]).json().get("status") == "ready" or None, "the photo", 60)


def test_r56_an_original_that_nothing_explains_is_left_alone(ada, operator):
    content = photos.fixture("4-4-4.jpg")
    ticket = ada.ticket(content)
    key = {"pk": {"S": f"USER#{ada.owner_id}"}, "sk": {"S": f"IMAGE#{ticket['image_id']}"}}
    operator.dynamodb.delete_item(TableName=operator.stack["images_table"], Key=key)
    assert put(ticket, content).status_code == 200
    operator.until_logged("orchestrator", image_id=ticket["image_id"], message="left alone")
    [original] = remains(operator, ada, ticket["image_id"])
    assert original["Size"] == len(content)


def test_r33_only_the_owner_deletes_a_photo(ada, eve, api, photo):
    assert problem(delete(eve, photo)) == NOWHERE
    assert problem(api.call("DELETE", f"/image/{photo}")) == (401, "Auth.Unauthorized")
    assert problem(delete(ada, uuid.uuid4())) == NOWHERE
    assert ada.look(photo).status_code == 200
