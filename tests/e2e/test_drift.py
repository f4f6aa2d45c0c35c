"""R51, R58: what storage and table do not have in common is told, and touched only if its deletion is on record."""

import time

import pytest

from tests.e2e.test_deletion import remains
from tests.e2e.test_sweep import AGE, HOUR, ago, id_of, shard, step, sweep, write
from tests.support import photos
from tests.support.waiting import until

DAY = 24 * HOUR


def told_of(operator, image_id):
    """The kinds of drift that the log names of a photo."""
    return {line["drift"] for line in operator.lines("sweep", message="drift", of=image_id)}


def until_told(operator, image_id, *kinds):
    def told():
        if told_of(operator, image_id) == set(kinds):
            return True
        sweep(operator, dry_run=True)  # the engine gives the last lines of a call out with the next call
        return False

    until(told, f"{kinds} of {image_id}", 30, 0.5)


def kinds(drift):
    return {found["kind"]: found for found in drift["found"]}


def place(operator, part, behind):
    """Lets the clock's walk go on from here, so that it comes to its end at once."""
    walk = {"began_at": {"S": ago(0)}, "part": {"S": part}, "behind": {"S": behind}, "records": {"N": "0"},
            "objects": {"N": "0"}, "found": {"M": {}}}
    operator.dynamodb.put_item(TableName=operator.stack["images_table"], Item={
        "pk": {"S": "SWEEP"}, "sk": {"S": "DRIFT"}, "under_way": {"M": walk}, "saved": {"N": "0"}})


def deletion(operator, person, image_id):
    """The memory of a deletion two days ago, as the deletion writes it."""
    operator.dynamodb.put_item(TableName=operator.stack["images_table"], Item={
        "pk": {"S": f"GONE#{person.owner_id}"}, "sk": {"S": f"DELETED#{image_id}"}, "image_id": {"S": image_id},
        "deleted_at": {"S": ago(AGE)}, "expires_at": {"N": str(int(time.time()) + 28 * DAY)}})


def put_variant(operator, image_id):
    operator.s3.put_object(Bucket=operator.stack["images_bucket"], Key=f"variants/{image_id}/0/small.jpg", Body=b"x")


@pytest.fixture(scope="module")
def ready(ada):
    image_ids = [ada.upload(photos.fixture("4-4-4.jpg")) for _ in range(3)]
    for image_id in image_ids:
        assert ada.wait(image_id)["status"] == "ready"
    return image_ids


def test_r51_what_does_not_match_is_told_and_nothing_is_touched(ada, operator, ready):
    whole, without_original, without_variant = ready
    stack, stray, stray_key = operator.stack, id_of(AGE), f"uploads/{ada.owner_id}/by-hand"
    operator.s3.delete_object(Bucket=stack["originals_bucket"], Key=f"uploads/{ada.owner_id}/{without_original}")
    variant = sorted(found["Key"] for found in operator.variant_versions(without_variant))[0]
    operator.s3.delete_object(Bucket=stack["images_bucket"], Key=variant)
    put_variant(operator, whole)
    for key in (f"uploads/{ada.owner_id}/{stray}", stray_key):
        operator.put_original(key, b"x")
    put_variant(operator, stray)
    before = [remains(operator, ada, image_id) for image_id in (*ready, stray)]
    told = sweep(operator, dry_run=True)["drift"]
    assert "ended_at" in told and told["records"] >= 3 and told["objects"] >= 7
    until_told(operator, without_original, "original_missing")
    until_told(operator, without_variant, "variant_missing")
    until_told(operator, whole, "variant_unnamed")
    until_told(operator, stray, "original_unexplained", "variant_unexplained")
    until_told(operator, stray_key, "key_unknown")
    assert set(kinds(told)) >= {"original_missing", "variant_missing", "variant_unnamed", "original_unexplained",
                                "variant_unexplained", "key_unknown"}
    # The clock's run comes to the same, and touches nothing either.
    place(operator, "uploads", f"uploads/{ada.owner_id}/")
    while "ended_at" not in sweep(operator)["drift"]:
        pass
    assert [remains(operator, ada, image_id) for image_id in (*ready, stray)] == before
    operator.s3.delete_object(Bucket=stack["originals_bucket"], Key=stray_key)


def test_r62_an_operator_is_told_what_a_sweep_would_do_and_then_has_it_done(ada, olga, operator):
    """By the API; test_operate.py does it by the command line."""
    old = id_of(AGE)
    write(operator, ada, old, image_id=old, owner_id=ada.owner_id, status="deleting", unfinished=shard(old),
          object_key=f"uploads/{ada.owner_id}/{old}", created_at=ago(AGE), updated_at=ago(HOUR))

    def asked(dry_run):
        answer = olga.api.call("POST", "/ops/sweep", token=olga.id_token, json={"dry_run": dry_run})
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert step(asked(dry_run=True), old) == "finish_deletion"
    assert operator.record(old, ada.owner_id)["status"] == "deleting", "a dry run only tells"
    told = asked(dry_run=False)
    assert step(told, old) == "finish_deletion" and told["drift"]["records"] > 0
    assert operator.record(old, ada.owner_id) is None
    acts = operator.dynamodb.query(
        TableName=operator.stack["images_table"], KeyConditionExpression="pk = :sweeper",
        ExpressionAttributeValues={":sweeper": {"S": "OPS#SWEEPER"}})["Items"]
    assert [(act["act"]["S"], act["by"]["S"]) for act in acts] == [("sweep", olga.owner_id)]


def test_r58_what_is_left_of_a_deleted_photo_is_put_away(ada, operator):
    image_id = id_of(-DAY)  # behind all other variants
    key = f"uploads/{ada.owner_id}/{image_id}"
    deletion(operator, ada, image_id)
    put_variant(operator, image_id)
    place(operator, "variants", f"variants/{id_of(-DAY + HOUR)}/")
    told = sweep(operator)["drift"]
    assert kinds(told)["variant_of_deleted"]["example"] == image_id and "ended_at" in told
    assert remains(operator, ada, image_id) == []
    # Its event says that the deletion is remembered: the orchestrator hides it. The sweeper finds one without an event.
    operator.put_original(key, b"x")
    operator.until_logged("orchestrator", image_id=image_id, message="ignored")
    (marker,) = [found for found in remains(operator, ada, image_id) if "Size" not in found]
    operator.s3.delete_object(Bucket=operator.stack["originals_bucket"], Key=key, VersionId=marker["VersionId"])
    place(operator, "uploads", f"uploads/{ada.owner_id}/")
    while "ended_at" not in sweep(operator)["drift"]:
        pass
    until_told(operator, image_id, "variant_of_deleted", "original_of_deleted")
    (newest,) = [found for found in remains(operator, ada, image_id) if found["IsLatest"]]
    assert "Size" not in newest, "hidden under a delete marker"
