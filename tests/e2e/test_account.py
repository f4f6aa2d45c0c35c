"""R58: an erased account is gone everywhere, its shared albums and webhooks too, and so is its user; and the calls that
need an account's password."""

import time
from datetime import datetime, timezone

import pytest
from botocore.exceptions import ClientError

from receiver import receiver
from tests.support import photos
from tests.support.client import Person, claims, fields, problem, put, send
from tests.support.operations import RUN, plain
from tests.support.waiting import until

ENDED, WRONG = (401, "Auth.SessionEnded"), (401, "Auth.InvalidCredentials")
NOWHERE = (404, "Request.NotFound")


def erase(person):
    return person.api.call("DELETE", "/me", token=person.id_token)


def in_the_table(operator, owner_id):
    pages = operator.dynamodb.get_paginator("query").paginate(
        TableName=operator.stack["images_table"], ConsistentRead=True, KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"USER#{owner_id}"}})
    return [plain(item) for page in pages for item in page["Items"]]


def in_storage(operator, owner_id, image_ids):
    found = []
    for bucket, prefixes in {"originals_bucket": [f"uploads/{owner_id}/"],
                             "images_bucket": [f"{made}/{image}/" for made in ("variants", "work")
                                               for image in image_ids]}.items():
        for prefix in prefixes:
            listed = operator.s3.list_object_versions(Bucket=operator.stack[bucket], Prefix=prefix)
            found += listed.get("Versions", []) + listed.get("DeleteMarkers", [])
    return found


def user(operator, owner_id):
    try:
        return operator.cognito.admin_get_user(UserPoolId=operator.stack["user_pool_id"], Username=owner_id)
    except ClientError as missing:
        assert missing.response["Error"]["Code"] == "UserNotFoundException"
        return None


def erased(operator, owner_id):
    return until(lambda: user(operator, owner_id) is None, f"the user {owner_id} to be deleted")


@pytest.fixture(scope="module")
def gone(api, operator, eve):
    """A user who had everything that a user can have, and left."""
    person = api.newcomer("leaving")
    image_ids = [person.upload(photos.fixture(name)) for name in ("gray.jpg", "dandelion.jpg")]
    image_ids.append(person.upload(b"no picture"))
    for image_id in image_ids:
        person.wait(image_id)
    ticket = person.ticket(photos.fixture("4-4-4.jpg"))
    hidden = person.ticket(photos.fixture("4-4-4.jpg"))
    assert api.call("DELETE", f"/image/{hidden['image_id']}", token=person.id_token).status_code == 204
    assert put(hidden, photos.fixture("4-4-4.jpg")).status_code == 200
    operator.until_logged("orchestrator", image_id=hidden["image_id"], message="ignored")

    def made(path, **body):
        answer = api.post(path, body, token=person.id_token)
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.json() if answer.content else None

    album = made("/albums", title="Holidays", visibility="public")["album_id"]
    made(f"/albums/{album}/images", image_ids=image_ids[:1])
    url = made(f"/albums/{album}/links")["url"]
    api.secrets.keep(url.removeprefix("shared/"))
    api.call("PUT", "/me", json={"display_name": "Leaving"}, token=person.id_token)
    with receiver() as ours:
        hook = api.call("PUT", "/me/webhook", json={"url": ours.url}, token=person.id_token)
        api.secrets.keep(hook.json()["secret"])
    person.shown = send("GET", f"{api.url}/{url}")
    assert person.shown.status_code == 200
    for image in person.shown.json()["items"]:
        for variant in image["variants"].values():
            api.secrets.keep_signature(variant["url"])
    assert len(in_the_table(operator, person.owner_id)) >= 9 and in_storage(operator, person.owner_id, image_ids)
    person.image_ids, person.album, person.link = [*image_ids, ticket["image_id"]], album, url
    person.answer = erase(person)
    erased(operator, person.owner_id)
    return person


def test_r58_everything_of_it_is_gone(operator, gone):
    assert gone.answer.status_code == 202, gone.answer.text
    assert in_the_table(operator, gone.owner_id) == []
    assert in_storage(operator, gone.owner_id, gone.image_ids) == []


def test_r58_no_link_leads_to_it(api, gone, eve):
    assert send("GET", f"{api.url}/{gone.link}").status_code == 404
    assert problem(api.call("GET", f"/albums/{gone.album}", token=eve.id_token)) == NOWHERE
    small = gone.shown.json()["items"][0]["variants"]["small"]["url"]
    assert send("GET", small).status_code == 404, "a link that is still valid finds no object"


def test_r58_its_sign_in_is_refused(api, gone):
    assert problem(api.post("/auth/signin", gone.credentials)) == WRONG
    assert problem(api.post("/auth/refresh", {"refresh_token": gone.tokens["refresh_token"]})) == ENDED


def test_r58_its_address_is_free_and_finds_nothing_of_it(api, gone):
    again = Person(api, "again")
    again.email = gone.email
    mails = len(again.mails())
    again.sign_up()
    again.verify(again.mailed_code(mails + 1))
    again.sign_in()
    assert again.owner_id != gone.owner_id
    assert api.call("GET", "/images", token=again.id_token).json()["items"] == []


def test_r58_what_a_living_token_brings_is_erased_by_a_last_look(api, operator, gone):
    """The gateway takes the token though its user is gone, and the message stays in the queue for as long."""
    late = gone.ticket(photos.fixture("4-4-4.jpg"))
    assert put(late, photos.fixture("4-4-4.jpg")).status_code == 200
    assert api.post("/albums", {"title": "Late"}, token=gone.id_token).status_code == 201
    operator.decided(late["image_id"], gone.owner_id)
    asked_at = int(datetime.now(timezone.utc).timestamp()) - 81 * 60
    before = operator.depth(operator.stack["erasures_queue_url"])
    assert before >= 1, "the message waits for its last look"
    operator.ask_for_erasure(gone.owner_id, asked_at)
    until(lambda: operator.depth(operator.stack["erasures_queue_url"]) <= before, "the message to be done", 60)
    assert in_the_table(operator, gone.owner_id) == []
    assert in_storage(operator, gone.owner_id, [late["image_id"]]) == []


def test_r58_other_users_keep_everything(operator, gone, ada):
    photo = ada.upload(photos.fixture("gray.jpg"))
    ada.wait(photo)
    person = ada.api.newcomer("brief")
    assert erase(person).status_code == 202
    erased(operator, person.owner_id)
    assert ada.look(photo).json()["status"] == "ready"
    assert user(operator, ada.owner_id)["Enabled"] is True


def test_r58_a_photo_that_is_being_developed_is_waited_for(api, operator):
    """As the record stands while an execution runs, and when it has ended."""
    person = api.newcomer("hasty")
    image_id = person.ticket(b"xyz")["image_id"]

    def arrived(at):
        operator.dynamodb.update_item(
            TableName=operator.stack["images_table"],
            Key={"pk": {"S": f"USER#{person.owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}},
            UpdateExpression="SET #status = :status, arrived_at = :at REMOVE expires_at",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": "processing"}, ":at": {"S": at}})

    arrived(f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}")
    assert erase(person).status_code == 202
    operator.until_logged("erase", owner_id=person.owner_id, rest="Busy")
    assert user(operator, person.owner_id)["Enabled"] is False
    assert problem(api.post("/auth/signin", person.credentials)) == WRONG, "no sign-in to half an account"
    arrived("2020-01-01T00:00:00Z")
    operator.ask_for_erasure(person.owner_id, int(time.time()))
    erased(operator, person.owner_id)
    assert in_the_table(operator, person.owner_id) == []


def test_a_token_that_was_refreshed_says_when_its_user_signed_in(api, ada):
    """So it erases no account five minutes later (test_stale_sign_in.py)."""
    time.sleep(2)
    refreshed = api.post("/auth/refresh", {"refresh_token": ada.tokens["refresh_token"]}).json()
    fresh = api.secrets.keep(refreshed["id_token"])
    assert claims(fresh)["auth_time"] == claims(ada.id_token)["auth_time"]
    assert claims(fresh)["iat"] > claims(ada.id_token)["iat"]


def test_a_password_is_changed_and_every_other_sign_in_ends(api):
    person = api.newcomer("careful")
    elsewhere = person.tokens["refresh_token"]
    person.sign_in()
    time.sleep(1)  # the engine ends sign-ins by the second
    old, person.password = person.password, api.secrets.keep("Another long Passw0rd, changed")
    change = {"password": old, "new_password": person.password}
    answer = api.post("/auth/change-password", change, token=person.id_token)
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    for name in ("id_token", "refresh_token"):
        api.secrets.keep(tokens[name])
    for refresh in (elsewhere, person.tokens["refresh_token"]):
        assert problem(api.post("/auth/refresh", {"refresh_token": refresh})) == ENDED
    fresh = api.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    assert fresh.status_code == 200, "the sign-in that the answer holds goes on"
    api.secrets.keep(fresh.json()["id_token"])
    assert problem(api.post("/auth/signin", {"email": person.email, "password": old})) == WRONG
    person.sign_in()


def test_a_wrong_password_changes_nothing(api):
    person = api.newcomer("forgetful")
    wrong, new = api.secrets.keep("Not the Passw0rd at all"), api.secrets.keep("Another long Passw0rd, never set")
    answer = api.post("/auth/change-password", {"password": wrong, "new_password": new}, token=person.id_token)
    assert (problem(answer), fields(answer)) == ((400, "Request.Invalid"), ["password"])
    refreshed = api.post("/auth/refresh", {"refresh_token": person.tokens["refresh_token"]})
    assert refreshed.status_code == 200, "no sign-in has ended"
    api.secrets.keep(refreshed.json()["id_token"])
    person.sign_in()


def test_me_names_the_groups_that_one_is_in(api, operator):
    person = api.newcomer("operator")
    assert person.me()["roles"] == []
    pool = operator.stack["user_pool_id"]
    groups = [f"operators-{RUN}", f"reviewers-{RUN}"]
    for group in groups:
        operator.cognito.create_group(UserPoolId=pool, GroupName=group)
        operator.cognito.admin_add_user_to_group(UserPoolId=pool, Username=person.email, GroupName=group)
    person.sign_in()
    assert person.me()["roles"] == groups
