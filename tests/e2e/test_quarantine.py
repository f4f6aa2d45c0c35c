"""Photos that were rejected are listed for operators, and tried again after a release that reads them."""

import json

import pytest

from faults import failing
from tests.e2e.test_sweep import HOUR, ago, step, sweep, write
from tests.support import photos
from tests.support.client import fields, problem
from tests.support.running_stack import REPOSITORY
from tests.support.waiting import until

LIMITS = json.loads((REPOSITORY / "settings/limits.json").read_text(encoding="utf-8"))
CODE = "Image.TooComplex"  # no other test has photos of it, which a retry would take along
LIST = f"/ops/rejected?code={CODE}"


@pytest.fixture(scope="module")
def rejected(ada, operator):
    """Three photos that a faulty worker did not read."""
    with failing(operator, "resize", CODE):
        images = [ada.upload(photos.numbered(photos.fixture("gray.jpg"), number)) for number in range(3)]
        assert [ada.wait(image_id)["status"] for image_id in images] == ["rejected"] * 3
        assert {operator.execution(image_id).status for image_id in images} == {"SUCCEEDED"}, "it may be tried again"
    return images


def listed(olga, path=LIST):
    answer = olga.api.call("GET", path, token=olga.id_token)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def again(olga, execution, status):
    path = f"/ops/executions/{execution}/restart?if_status={status}"
    return olga.api.call("POST", path, token=olga.id_token)


def test_r62_rejected_photos_are_listed_with_code_time_and_reason(ada, olga, operator, rejected):
    items = until(lambda: found if len(found := listed(olga)) == 3 else None, "the rejected photos")
    assert {item["image_id"] for item in items} == set(rejected)
    assert [item["rejected_at"] for item in items] == sorted((item["rejected_at"] for item in items), reverse=True)
    for item in items:
        assert (item["code"], item["stage"], item["message"]) == (CODE, "resize", "made to fail by a test")
        assert item["execution"] == operator.execution(item["image_id"]).name
    told = json.dumps(items)
    assert ada.owner_id not in told and "photo.jpg" not in told
    assert listed(olga, f"{LIST}&since={items[0]['rejected_at'][:19]}Z")[0] == items[0]
    assert listed(olga, f"{LIST}&since=2126-01-31T12:00:00Z") == []
    wrong = olga.api.call("GET", "/ops/rejected?code=Worker.Bug", token=olga.id_token)
    assert (problem(wrong), fields(wrong)) == ((400, "Request.Invalid"), ["code"])


def test_r62_they_are_tried_again_when_it_is_meant(ada, operate, rejected):
    said = operate.run("operate", "rejected", "--since", "1h")
    assert f"     3  {CODE}\n" in said
    retry = ["operate", "retry", "--code", CODE, "--since", "1h", "--count", "2"]
    said = operate.run(*retry)
    assert said.endswith(f"would try 2 rejected photos of {CODE} again\nhint: --yes does it\n")
    assert {ada.look(image_id).json()["status"] for image_id in rejected} == {"rejected"}, "nothing was started"
    told = operate.json(*retry, "--yes")
    assert (len(told["started"]), told["skipped"], told["dry_run"]) == (2, [], False)
    for one in told["started"]:
        until(lambda: ada.look(one["image_id"]).json()["status"] == "ready", "the photo", 30)  # noqa: B023
        assert one["execution"].endswith("-2")


def test_r40_of_an_old_list_a_photo_is_tried_once(ada, olga, operator, rejected):
    def left():
        return found if len(found := listed(olga)) == 1 else None

    (item,) = until(left, "the photos that were tried to leave the list")
    first, second = (again(olga, item["execution"], "rejected") for _ in range(2))
    assert first.status_code == 202 and problem(second) == (409, "Request.Conflict")
    until(lambda: ada.look(item["image_id"]).json()["status"] == "ready", "the photo", 30)
    assert len(operator.executions(item["image_id"])) == 2
    assert operator.record(item["image_id"], ada.owner_id).keys().isdisjoint({"rejected", "rejected_id"})
    assert problem(again(olga, item["execution"], "ready")) == (400, "Request.Invalid")
    until(lambda: listed(olga) == [], "the photo to leave the list")


def test_r62_the_original_goes_when_the_quarantine_is_over(ada, olga, operator):
    image_id = ada.upload(b"no picture")
    assert ada.wait(image_id)["status"] == "rejected"
    execution = operator.execution(image_id).name
    write(operator, ada, image_id, rejected_id=f"{ago(LIMITS['quarantine_s'] + HOUR)}#{image_id}")
    until(lambda: step(sweep(operator), image_id) == "end_quarantine", "the end of the quarantine", 30, 2)
    key = f"uploads/{ada.owner_id}/{image_id}"
    found = operator.s3.list_object_versions(Bucket=operator.stack["originals_bucket"], Prefix=key)
    assert found.get("Versions", []) == []
    record = operator.record(image_id, ada.owner_id)
    assert record["status"] == "rejected" and {"rejected", "rejected_id"}.isdisjoint(record)
    assert ada.look(image_id).json()["outcome"]["code"] == "Image.Unsupported", "its owner still reads why"
    assert problem(again(olga, execution, "rejected")) == (409, "Request.Conflict")
    assert ada.api.call("DELETE", f"/image/{image_id}", token=ada.id_token).status_code == 204


def test_a_deleted_photo_is_not_listed(ada, olga):
    image_id = ada.upload(b"no picture")
    assert ada.wait(image_id)["status"] == "rejected"
    path = "/ops/rejected?code=Image.Unsupported&limit=100"
    here = lambda: image_id in {item["image_id"] for item in listed(olga, path)}  # noqa: E731
    until(here, "the rejected photo")
    assert ada.api.call("DELETE", f"/image/{image_id}", token=ada.id_token).status_code == 204
    until(lambda: not here(), "it to leave the list")
