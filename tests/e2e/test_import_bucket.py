"""Photos of another bucket, brought in for a user: the same pipeline, each once, and a reason for each that is not."""

import hashlib
import json
import uuid
from collections import Counter

import pytest

from tests.support import photos
from tests.support.client import fields, problem
from tests.support.running_stack import REPOSITORY
from tests.support.waiting import until

LIMITS = json.loads((REPOSITORY / "settings/limits.json").read_text(encoding="utf-8"))
BUCKET = "holiday-photos"  # one name in every run, since tests/terraform/calls.json has it
COUNT = 60
MANY = 120  # more than one batch
SOME = 60  # more than are on their way at once
GOOD = photos.fixture("gray.jpg")


@pytest.fixture(scope="module")
def bucket(operator):
    operator.s3.create_bucket(Bucket=BUCKET)
    denied = {"Sid": "NotThisOne", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
              "Resource": f"arn:aws:s3:::{BUCKET}/*/secret.jpg"}
    operator.s3.put_bucket_policy(
        Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [denied]}))
    return BUCKET


@pytest.fixture
def prefix(operator, bucket):
    """A folder of its own for each test, with a function that puts an object there."""
    return f"{uuid.uuid4().hex[:8]}/"


@pytest.fixture
def put(operator, bucket, prefix):
    def put(name, content, **said):
        operator.s3.put_object(Bucket=bucket, Key=f"{prefix}{name}", Body=content, **said)
    return put


@pytest.fixture
def ben(api):
    """An owner who has no other photos."""
    return api.newcomer("ben")


def numbered(number):
    return photos.numbered(GOOD, number)


def started(operate, prefix, person):
    """The name of an import that runs now."""
    source = (f"s3://{BUCKET}/{prefix}", "--owner", person.email)
    return operate.json("operate", "import", *source, "--yes", "--detach")["name"]


def imported(operate, olga, prefix, person, code=0):
    """The report of an import, once it has ended; and the exit code with it."""
    name = started(operate, prefix, person)
    until(lambda: progress(olga, name)["status"] != "running", "its end", seconds=300)
    done = operate.done(("--json", "operate", "import", "--report", name), "")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def assert_one_execution_each(operator, image_ids):
    executions = Counter(execution["name"][:36] for execution in operator.all_executions())
    assert {image_id: executions[image_id] for image_id in image_ids} == dict.fromkeys(image_ids, 1)


def progress(olga, name):
    return ask(olga, "GET", f"/ops/imports/{name}").json()


def ask(olga, method, path, body=None):
    return olga.api.call(method, path, token=olga.id_token, **({"json": body} if body is not None else {}))


def test_r62_sixty_objects_become_photos_of_their_owner_and_the_rest_has_reasons(
        operate, operator, put, prefix, ben, olga):
    contents = {f"a b+c%20/été {number}.jpg": numbered(number) for number in range(COUNT)}
    for name, content in contents.items():
        put(name, content, ContentType="image/png", Metadata={"camera": "theirs"})  # the bytes tell, not the header
    put("empty.jpg", b"")
    put("folder/", b"")
    put("large.jpg", b"x" * (LIMITS["max_bytes"] + 1))
    put("text.jpg", b"no picture")
    put("secret.jpg", numbered(COUNT))

    dry = operate.json("operate", "import", f"s3://{BUCKET}/{prefix}", "--owner", ben.owner_id)
    assert (dry["photos"], dry["empty"], dry["too_large"], dry["dry_run"]) == (COUNT + 2, 2, 1, True)
    assert dry["hours"] > 0 and dry["usd"] > 0 and operator.records_of(ben.owner_id) == []

    report = imported(operate, olga, prefix, ben, code=1)
    assert (report["name"], report["status"], report["owner_id"]) == (dry["name"], "succeeded", ben.owner_id)
    counts = report["counts"]
    assert counts == {"ready": COUNT, "known": 0, "refused": 4, "rejected": 1, "failed": 0, "late": 0,
                      "bytes": sum(map(len, contents.values())) + len(b"no picture")}
    reasons = {found["key"].removeprefix(prefix): (found["reason"], found.get("code")) for found in report["refused"]}
    assert reasons == {"empty.jpg": ("empty", None), "folder/": ("empty", None), "large.jpg": ("too_large", None),
                       "text.jpg": ("rejected", "Image.Unsupported"), "secret.jpg": ("unreadable", None)}

    records = operator.records_of(ben.owner_id)
    assert len(records) == COUNT + 1
    ready = {record["filename"]: record for record in records if record["status"] == "ready"}
    assert set(ready) == {name.rpartition("/")[2] for name in contents}
    for name, content in contents.items():
        record = ready[name.rpartition("/")[2]]
        assert record["facts"]["sha256"] == hashlib.sha256(content).hexdigest(), "each byte came along"
        assert record["import"] == report["name"]
    assert_one_execution_each(operator, [record["image_id"] for record in records])
    original = operator.s3.head_object(Bucket=operator.stack["originals_bucket"], Key=record["object_key"])
    assert (original["ServerSideEncryption"], original["Metadata"]) == ("aws:kms", {})
    # The owner sees them as photos of their own, and may upload as much as before.
    listed = ben.api.call("GET", "/images?limit=100", token=ben.id_token).json()["items"]
    assert len(listed) == COUNT + 1
    usage = ben.api.call("GET", "/me", token=ben.id_token).json()["usage"]
    assert usage["images"] == 0, usage


def test_r16_the_same_import_again_copies_nothing_and_a_new_object_only(operate, operator, olga, put, prefix, ben):
    for number in range(3):
        put(f"{number}.jpg", numbered(number))
    first = imported(operate, olga, prefix, ben)
    assert (first["run"], first["counts"]["ready"]) == (1, 3)
    gone, *kept = sorted(record["image_id"] for record in operator.records_of(ben.owner_id))
    assert ben.api.call("DELETE", f"/image/{gone}", token=ben.id_token).status_code == 204
    put("3.jpg", numbered(3))
    again = imported(operate, olga, prefix, ben, code=1)
    counts = again["counts"]
    assert (again["run"], counts["ready"], counts["known"], counts["refused"]) == (2, 1, 2, 1)
    assert [found["reason"] for found in again["refused"]] == ["deleted"], "what its owner deleted does not come back"
    assert_one_execution_each(operator, kept)
    assert len(operator.records_of(ben.owner_id)) == 3


def test_r17_an_import_that_was_stopped_goes_on_where_it_ended(operate, operator, olga, put, prefix, ben):
    for number in range(MANY):
        put(f"{number:03}.jpg", numbered(number))
    name = started(operate, prefix, ben)

    def some():
        return progress(olga, name)["counts"]["ready"] >= 5

    until(some, "the first photos", seconds=90)
    busy = ask(olga, "POST", "/ops/imports", {"bucket": BUCKET, "prefix": prefix, "owner": ben.owner_id})
    assert problem(busy) == (409, "Request.Conflict"), "one at a time"
    assert ask(olga, "POST", f"/ops/imports/{name}/stop").status_code == 202
    stopped = progress(olga, name)
    assert (stopped["status"], stopped["stopped_run"]) == ("aborted", 1)
    operate.run("operate", "import", "--report", name, code=1)
    until(lambda: all(record["status"] == "ready" for record in operator.records_of(ben.owner_id)),
          "what was on its way", seconds=90)
    before = len(operator.records_of(ben.owner_id))
    assert 5 <= before < MANY, "it was stopped half-way"
    again = imported(operate, olga, prefix, ben)
    assert (again["run"], again["counts"]["ready"] + again["counts"]["known"]) == (2, MANY)
    assert again["counts"]["known"] >= before - 1
    records = operator.records_of(ben.owner_id)
    assert len(records) == MANY and len({record["facts"]["sha256"] for record in records}) == MANY
    assert_one_execution_each(operator, [record["image_id"] for record in records])


def test_r55_a_persons_upload_does_not_wait_for_an_import(put, prefix, ben, ada, olga):
    for number in range(SOME):
        put(f"{number:03}.jpg", numbered(number))
    source = {"bucket": BUCKET, "prefix": prefix, "owner": ben.owner_id}
    assert ask(olga, "POST", "/ops/imports", source | {"dry_run": True}).json()["counted"]["photos"] == SOME
    begun = ask(olga, "POST", "/ops/imports", source)
    assert begun.status_code == 202, begun.text
    name = begun.json()["name"]
    until(lambda: progress(olga, name)["counts"]["ready"] >= 2, "the first photos", seconds=90)
    image_id = ada.upload(numbered(SOME))
    assert ada.wait(image_id)["status"] == "ready"
    during = progress(olga, name)
    assert during["status"] == "running" and during["counts"]["ready"] < SOME, "the person's photo came first"
    until(lambda: progress(olga, name)["status"] == "succeeded", "its end", seconds=300)


def test_r62_what_cannot_be_imported_is_refused_by_name(operate, olga, ben, bucket, prefix):
    for body, name in [
        ({"bucket": "nowhere-at-all", "owner": ben.owner_id}, "bucket"),
        ({"bucket": bucket, "prefix": prefix, "owner": ben.owner_id}, "prefix"),
        ({"bucket": bucket, "owner": str(uuid.uuid4())}, "owner"),
        ({"bucket": bucket, "owner": "nobody@example.com"}, "owner"),
        ({"bucket": bucket, "owner": "operator"}, "owner"),
    ]:
        refused = ask(olga, "POST", "/ops/imports", body)
        assert (problem(refused), fields(refused)) == ((400, "Request.Invalid"), [name]), body
    assert problem(ask(olga, "GET", "/ops/imports/never-begun")) == (404, "Request.NotFound")
    assert problem(ask(olga, "POST", "/ops/imports/never-begun/stop")) == (404, "Request.NotFound")
    assert "not the id or the address of a user" in operate.run(
        "operate", "import", f"s3://{bucket}", "--owner", "nobody@example.com", code=1)
