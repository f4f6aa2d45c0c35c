"""The environment's bus announces outcomes of photos; a rule puts them into this test's queue."""

import json

import pytest
from jsonschema import Draft7Validator

from faults import failing
from tests.support import photos
from tests.support.operations import RUN
from tests.support.running_stack import REPOSITORY
from tests.support.waiting import until

SCHEMA = json.loads((REPOSITORY / "api/announcement.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ear(operator):
    """A queue that gets every event from now on."""
    bus, name = operator.stack["event_bus_name"], f"ear-{RUN}"
    url = operator.sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = operator.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = operator.events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps({"source": ["darkroom"]}))
    may_send = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
                "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": rule["RuleArn"]}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may_send]})
    operator.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    operator.events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "ear", "Arn": arn}])
    yield Ear(operator.sqs, url)
    operator.events.remove_targets(Rule=name, EventBusName=bus, Ids=["ear"])
    operator.events.delete_rule(Name=name, EventBusName=bus)
    operator.sqs.delete_queue(QueueUrl=url)


class Ear:
    def __init__(self, sqs, url):
        self._sqs, self._url, self._heard = sqs, url, []

    def heard(self, image_id):
        """All events of this image so far."""
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                self._heard.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return [event for event in self._heard if event["detail"]["image_id"] == image_id]

    def until_heard(self, image_id):
        return until(lambda: self.heard(image_id) or None, f"an announcement of {image_id}", 30)


def told(event):
    """Kind and detail of an event, which must match the schema."""
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(event)] == []
    return event["detail-type"], event["detail"]


def test_a_photo_that_is_ready_is_announced_once(ada, ear):
    image_id = ada.upload(photos.fixture("gray.jpg"))
    ada.wait(image_id)
    (event,) = ear.until_heard(image_id)
    kind, detail = told(event)
    assert (kind, detail["owner_id"]) == ("Image Ready", ada.owner_id)
    assert detail["sizes"] == sorted(ada.look(image_id).json()["variants"])


def test_a_refusal_is_announced_with_its_code(ada, ear):
    image_id = ada.upload(b"no picture at all")
    ada.wait(image_id)
    (event,) = ear.until_heard(image_id)
    kind, detail = told(event)
    assert (kind, detail["code"], detail["stage"]) == ("Image Rejected", "Image.Unsupported", "validate")


def test_r62_a_photo_that_is_tried_again_is_announced_again(ada, olga, operator, ear):
    with failing(operator, "validate", "Image.TooComplex"):
        image_id = ada.upload(photos.fixture("gray.jpg"))
        assert ada.wait(image_id)["status"] == "rejected"
    path = f"/ops/executions/{operator.execution(image_id).name}/restart?if_status=rejected"
    assert olga.api.call("POST", path, token=olga.id_token).status_code == 202
    events = until(lambda: found if len(found := ear.heard(image_id)) == 2 else None, "two announcements", 30)
    assert [told(event)[0] for event in events] == ["Image Rejected", "Image Ready"]
    assert events[0]["detail"]["announcement_id"] != events[1]["detail"]["announcement_id"]


def test_a_photo_that_is_gone_is_announced_and_an_unused_ticket_is_not(ada, ear, operator):
    given_back, forgotten = (ada.ticket(b"xyz")["image_id"] for _ in range(2))
    deleted, lost = (ada.upload(photos.fixture("gray.jpg")) for _ in range(2))
    for image_id in (deleted, lost):
        ada.wait(image_id)
        ear.until_heard(image_id)
    for image_id in (given_back, deleted):
        assert ada.api.call("DELETE", f"/image/{image_id}", token=ada.id_token).status_code == 204
    for image_id in (forgotten, lost):  # as the table itself forgets
        key = {"pk": {"S": f"USER#{ada.owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}}
        operator.dynamodb.delete_item(TableName=operator.stack["images_table"], Key=key)
    for image_id in (deleted, lost):
        events = until(lambda: found if len(found := ear.heard(image_id)) == 2 else None, "two announcements", 30)  # noqa: B023
        assert [told(event)[0] for event in events] == ["Image Ready", "Image Deleted"]
    assert ear.heard(given_back) == [] == ear.heard(forgotten)


def test_nothing_is_undelivered(operator):
    assert operator.depth(operator.stack["undelivered_queue_url"]) == 0
