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
    """Whatever storage and table still hold of the photo."""
    found = []
    for bucket, prefix in [("originals_bucket", f"uploads/{person.owner_id}/{image_id}"),
                           ("images_bucket", f"variants/{image_id}/"), ("images_bucket", f"work/{image_id}/")]:
        listed = operator.s3.list_object_versions(Bucket=operator.stack[bucket], Prefix=prefix)
        found += listed.get("Versions", []) + listed.get("DeleteMarkers", [])
    return found


@pytest.fixture
def photo(ada):
    image_id = ada.upload(photos.sideways())
    assert ada.wait(image_id)["status"] == "ready"
    return image_id


def test_r40_everything_goes(ada, operator, photo):
    url = ada.look(photo).json()["variants"]["small"]["url"]
    slip = operator.put_original(f"uploads/{ada.owner_id}/{photo}", b"another version, by whatever slip")
    # The photo's own outcome stands until the slip's event has come.
    until(lambda: operator.record(photo, ada.owner_id).get("version_id") == slip or None, "the slip's event", 30)
    assert ada.wait(photo)["status"] == "rejected"
    assert len(remains(operator, ada, photo)) > 5
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
    # What such an event tells of is put out of sight; here there was nothing, so a lone delete marker is left.
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
    """As the record stands while an execution runs, and after one that never came back."""
    image_id = ada.ticket(b"xyz")["image_id"]

    def processing_since(arrived):
        operator.dynamodb.update_item(
            TableName=operator.stack["images_table"],
            Key={"pk": {"S": f"USER#{ada.owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}},
            UpdateExpression="SET #status = :status, arrived_at = :at",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": "processing"}, ":at": {"S": arrived}})

    processing_since(f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}")
    busy = delete(ada, image_id)
    assert problem(busy) == (409, "Request.Conflict") and int(busy.headers["retry-after"]) >= 1
    processing_since("2020-01-01T00:00:00Z")
    assert delete(ada, image_id).status_code == 204


def test_r40_an_unused_ticket_can_be_given_back(ada):
    ticket = ada.ticket(photos.sideways())
    assert delete(ada, ticket["image_id"]).status_code == 204
    assert problem(ada.look(ticket["image_id"])) == NOWHERE


def test_r40_what_arrives_on_a_ticket_given_back_is_not_developed(ada, operator):
    content = photos.sideways()
    ticket = ada.ticket(content)
    assert delete(ada, ticket["image_id"]).status_code == 204
    assert put(ticket, content).status_code == 200
    operator.until_logged("orchestrator", image_id=ticket["image_id"], message="ignored")
    assert operator.executions(ticket["image_id"]) == []
    # Out of sight under a delete marker, where the bucket lets it expire.
    newest = [found for found in remains(operator, ada, ticket["image_id"]) if found["IsLatest"]]
    assert len(newest) == 1 and "Size" not in newest[0]


def test_r33_nobody_deletes_what_is_not_theirs(ada, eve, api, photo):
    assert problem(delete(eve, photo)) == NOWHERE
    assert problem(api.call("DELETE", f"/image/{photo}")) == (401, "Auth.Unauthorized")
    assert problem(delete(ada, uuid.uuid4())) == NOWHERE
    assert ada.look(photo).status_code == 200
