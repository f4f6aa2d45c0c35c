"""A library is moved to another recipe: its photos show their old variants until the new ones stand, a re-render that
is stopped half-way is finished by the next, and the old variants go after their grace time.

Photos of an older recipe are made as that release would have left them: records and objects under the keys of another
build, with pictures that can be told from those of today."""

import functools
import io
import os
import threading
import time

import pytest
import requests
from PIL import Image

from tests.e2e.faults import failing, held_back, with_environment
from tests.e2e.test_sweep import sweep
from tests.support import photos
from tests.support.waiting import until

# `make test-rerender` runs it with 200.
PHOTOS = int(os.environ.get("RERENDER_PHOTOS", "20"))
# So many are done when it is stopped: of a few, the first ten are in the works by then.
STOPPED_AFTER = PHOTOS // 2 if PHOTOS >= 100 else 0
OLD = "0" * 16
GREY = (90, 90, 90)


def build_of(record):
    (build,) = {variant["key"].split("/")[2] for variant in record["variants"].values()}
    return build


@functools.cache
def grey(width, height):
    picture = io.BytesIO()
    Image.new("RGB", (width, height), GREY).save(picture, "JPEG")
    return picture.getvalue()


def age(operator, owner_id, image_id):
    """As an older release left it: its variants under the keys of another build, grey, and no others."""
    record, bucket = operator.record(image_id, owner_id), operator.stack["images_bucket"]
    for name, variant in record["variants"].items():
        picture = grey(int(variant["width"]), int(variant["height"]))
        old = f"variants/{image_id}/{OLD}/{name}.jpg"
        operator.s3.put_object(Bucket=bucket, Key=old, Body=picture, ContentType="image/jpeg")
        operator.dynamodb.update_item(
            TableName=operator.stack["images_table"],
            Key={"pk": {"S": f"USER#{owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}},
            UpdateExpression="SET variants.#name.#key = :key REMOVE rerendered",
            ExpressionAttributeNames={"#name": name, "#key": "key"}, ExpressionAttributeValues={":key": {"S": old}})
    for found in operator.variant_versions(image_id):
        if f"/{OLD}/" not in found["Key"]:
            operator.s3.delete_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])


def ask(olga, method, path, status=200, **body):
    answer = olga.api.call(method, path, token=olga.id_token, **({"json": body} if method == "POST" and body else {}))
    assert answer.status_code == status, answer.text
    return answer.json()


def start(olga, **scope):
    return ask(olga, "POST", "/ops/rerenders", 202, dry_run=False, **scope)["name"]


def told(olga, name):
    return ask(olga, "GET", f"/ops/rerenders/{name}")


def ended(olga, name, seconds=600):
    return until(lambda: (now := told(olga, name))["status"] != "running" and now, f"the end of {name}", seconds, 0.5)


def is_old(picture):
    """Grey, as an older release made it."""
    color = Image.open(io.BytesIO(picture)).convert("RGB").resize((1, 1)).getpixel((0, 0))
    return all(abs(seen - grey) <= 2 for seen, grey in zip(color, GREY, strict=True))


class Visitor(threading.Thread):
    """Looks at photos all the time, as their owner does: each answer is ready, and each link leads to a picture."""

    def __init__(self, owner, image_ids):
        super().__init__(daemon=True)
        self.owner, self.image_ids, self.seen, self.wrong, self.goes_on = owner, image_ids, {}, [], True

    def run(self):
        while self.goes_on:
            for image_id in self.image_ids:
                self.look(image_id)
            time.sleep(0.2)

    def look(self, image_id):
        shown = self.owner.look(image_id)
        if shown.status_code != 200 or shown.json()["status"] != "ready":
            self.wrong.append((image_id, shown.status_code, shown.text[:200]))
            return
        picture = requests.get(shown.json()["variants"]["thumbnail"]["url"], timeout=30)
        if picture.status_code != 200:
            self.wrong.append((image_id, picture.status_code, picture.text[:200]))
            return
        was, now = self.seen.get(image_id, True), is_old(picture.content)
        if now and not was:
            self.wrong.append((image_id, "new, and then old again"))
        self.seen[image_id] = now


@pytest.fixture(scope="module")
def rhea(api):
    """A user of her own: all her photos are of an older recipe."""
    return api.newcomer("rhea")


@pytest.fixture(scope="module")
def library(rhea, operator):
    """Photos of one owner, of an older recipe."""
    image_ids = [rhea.upload(photos.fixture("4-4-4.jpg")) for _ in range(PHOTOS)]
    for image_id in image_ids:
        assert rhea.wait(image_id)["status"] == "ready"
        age(operator, rhea.owner_id, image_id)
    return image_ids


def outdated(operator, rhea, image_ids):
    return [each for each in image_ids if build_of(operator.record(each, rhea.owner_id)) == OLD]


def test_a_library_is_moved_though_it_is_stopped_half_way(rhea, olga, operator, library):
    expected = ask(olga, "POST", "/ops/rerenders", dry_run=True, owner_id=rhea.owner_id)
    assert (expected["photos"], expected["looked_at"], expected["complete"]) == (PHOTOS, PHOTOS, True)
    assert expected["pixels"] > 0 and expected["at_once"] >= 1
    album = rhea.api.call("POST", "/albums", token=rhea.id_token, json={"title": "Old"}).json()["album_id"]
    added = rhea.api.call("POST", f"/albums/{album}/images", token=rhea.id_token, json={"image_ids": library[:2]})
    assert added.ok, added.text
    in_album = until(lambda: ask(olga, "POST", "/ops/rerenders", dry_run=True, album_id=album)["photos"], "the index")
    assert in_album == 2
    before = {each: operator.record(each, rhea.owner_id) for each in library}
    visitor = Visitor(rhea, library[:5])
    visitor.start()
    began = time.monotonic()
    # The first photos stay in the works until it is stopped, so that it is stopped before the end on any machine.
    with held_back(operator, "watermark") as let_go:
        if STOPPED_AFTER:
            let_go()
        first = start(olga, owner_id=rhea.owner_id)
        again = olga.api.call("POST", "/ops/rerenders", token=olga.id_token, json={"dry_run": False})
        assert again.status_code == 409, "one at a time"
        newest = ask(olga, "GET", "/ops/rerenders")["items"][0]
        assert (newest["name"], newest["status"]) == (first, "running")
        until(lambda: told(olga, first).get("items", {}).get("succeeded", -1) >= STOPPED_AFTER, "some photos", 600, 0.1)
        assert ask(olga, "POST", f"/ops/rerenders/{first}/stop")["was"] == "running"
        assert ended(olga, first)["status"] == "aborted"
        let_go()
        # Photos in the works end, and no other begins.
        left = until(lambda: settled(lambda: outdated(operator, rhea, library)), "the last photos in the works", 60)
    assert left, "it was stopped before the end"
    stopped = time.monotonic()
    second = start(olga, owner_id=rhea.owner_id)
    done = ended(olga, second)
    print(f"{PHOTOS} photos: {stopped - began:.1f} s until the stop with {len(left)} left, "
          f"{time.monotonic() - stopped:.1f} s for those")
    assert (done["status"], done["items"]["total"], done["items"]["failed"]) == ("succeeded", len(left), 0)
    assert done["failed"] == [] and done["failed_complete"]
    until(lambda: not any(visitor.seen.values()), "the visitor sees the new pictures", 60)
    visitor.goes_on = False
    visitor.join(60)
    assert visitor.wrong == [] and len(visitor.seen) == 5
    assert outdated(operator, rhea, library) == []
    for image_id in library:
        was, now = before[image_id], operator.record(image_id, rhea.owner_id)
        changed = {name for name in was | now if was.get(name) != now.get(name)}
        assert changed == {"variants", "updated_at", "rerendered"}, changed
        assert now["rerendered"]["by"] in (first, second)
        for variant in now["variants"].values():
            operator.s3.head_object(Bucket=operator.stack["images_bucket"], Key=variant["key"])
    names = {message["execution"] for message in [operator.record(each, rhea.owner_id) for each in library]}
    assert len(names) == PHOTOS, "the records still name the executions that developed the uploads"
    third = ended(olga, start(olga, owner_id=rhea.owner_id))
    assert third["status"] == "succeeded" and "items" not in third, "nothing is left to do"


def settled(read):
    """What it reads, if that does not change any more."""
    first = read()
    time.sleep(8)
    return first if read() == first else None


def test_old_variants_stay_for_their_grace_time_and_go_then(rhea, operator, library):
    def builds():
        return {found["Key"].split("/")[2] for each in library for found in operator.variant_versions(each)}

    assert OLD in builds()
    sweep(operator)
    assert OLD in builds(), "links to them may be in use"
    with with_environment(operator, "sweep", SUPERSEDED_S="0"):
        found = until(lambda: {each["kind"]: each for each in sweep(operator, dry_run=True)["drift"]["found"]}
                      .get("variant_superseded"), "drift", 30)
        assert found["count"] >= PHOTOS and found["remedy"] == "remove"
        place(operator)
        until(lambda: "ended_at" in sweep(operator)["drift"], "the end of a walk", 120)
    assert OLD not in builds()
    for image_id in library:
        named = {variant["key"] for variant in operator.record(image_id, rhea.owner_id)["variants"].values()}
        assert {found["Key"] for found in operator.variant_versions(image_id)} == named


def place(operator):
    """The clock's walk begins anew."""
    operator.dynamodb.delete_item(
        TableName=operator.stack["images_table"], Key={"pk": {"S": "SWEEP"}, "sk": {"S": "DRIFT"}})


def test_a_photo_that_fails_keeps_its_old_variants_and_is_named(rhea, olga, operator, library):
    for image_id in library:
        age(operator, rhea.owner_id, image_id)
    with failing(operator, "watermark", "Worker.Misconfigured", times=1):
        name = start(olga, owner_id=rhea.owner_id)
        done = ended(olga, name)
    assert [(each["code"], each["stage"]) for each in done["failed"]] == [("Worker.Misconfigured", "watermark")]
    assert (done["status"], done["items"]["failed"]) == ("succeeded", 1), "one of twenty is tolerated"
    (failed,) = done["failed"]
    record = operator.record(failed["image_id"], rhea.owner_id)
    assert (record["status"], build_of(record)) == ("ready", OLD)
    assert outdated(operator, rhea, library) == [failed["image_id"]]
    assert ended(olga, start(olga))["items"]["total"] == 1, "of the whole library, that one is left"
    assert outdated(operator, rhea, library) == []


def pixels(operator, image_id):
    """The versions of its objects under work/."""
    found = operator.s3.list_object_versions(Bucket=operator.stack["images_bucket"], Prefix="work/").get("Versions", [])
    return {version["VersionId"] for version in found if image_id in version["Key"]}


def test_a_deletion_is_not_undone(rhea, olga, operator):
    image_id = rhea.upload(photos.fixture("4-4-4.jpg"))
    assert rhea.wait(image_id)["status"] == "ready"
    age(operator, rhea.owner_id, image_id)
    # Three attempts fail, so that the deletion comes between the pixels and the variants.
    with failing(operator, "watermark", "Transient.Storage", times=3):
        before = pixels(operator, image_id)
        name = start(olga, owner_id=rhea.owner_id)
        until(lambda: pixels(operator, image_id) - before, "its pixels under work/", 60, 0.1)
        assert rhea.api.call("DELETE", f"/image/{image_id}", token=rhea.id_token).ok
        # Its original may have gone first.
        assert {each["code"] for each in ended(olga, name)["failed"]} <= {"Image.Gone"}
    assert operator.record(image_id, rhea.owner_id) is None
    assert operator.variant_versions(image_id) == []
