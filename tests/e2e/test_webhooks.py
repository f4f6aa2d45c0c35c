"""Webhooks: an owner is called with signed events of their own photos, again if need be, and with no other's."""

import base64
import json
import re
import subprocess

import pytest
from jsonschema import Draft7Validator
from standardwebhooks import Webhook, WebhookVerificationError

from receiver import receiver
from tests.support import photos
from tests.support.client import fields, problem
from tests.support.running_stack import REPOSITORY
from tests.support.waiting import until

SCHEMA = json.loads((REPOSITORY / "api/announcement.schema.json").read_text(encoding="utf-8"))
PAGE = (REPOSITORY / "docs/EVENTS.md").read_text(encoding="utf-8")
NOT_FOUND = (404, "Request.NotFound")


class Owner:
    """A user with a webhook."""

    def __init__(self, api, name):
        self.api, self.person = api, api.newcomer(name)

    def call(self, method, path="/me/webhook", **body):
        return self.api.call(method, path, token=self.person.id_token, **body)

    def set(self, url):
        answer = self.call("PUT", json={"url": url})
        assert answer.status_code == 200, answer.text
        self.api.secrets.keep(answer.json()["secret"])
        return answer.json()

    def look(self):
        answer = self.call("GET")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until_state(self, state):
        return until(lambda: found if (found := self.look())["state"] == state else None, f"the state {state}", 30)

    def photo(self):
        image_id = self.person.upload(photos.fixture("gray.jpg"))
        assert self.person.wait(image_id)["status"] == "ready"
        return image_id


@pytest.fixture
def owner(api):
    owner = Owner(api, "hook")
    yield owner
    owner.call("DELETE")  # deliveries that still wait for an attempt are not


@pytest.fixture(scope="module", autouse=True)
def refused_twice(api):
    """A photo whose webhook takes the third attempt. That comes after 35 s, and the other tests run meanwhile."""
    owner = Owner(api, "patient")
    with receiver(lambda number: 204 if number == 2 else 500) as ours:
        secret = owner.set(ours.url)["secret"]
        image_id = owner.photo()
        ours.wait(image_id)
        yield owner, ours, secret, image_id, owner.until_state("failing")
    owner.call("DELETE")


def snippet(name, language):
    return re.search(rf"<!-- tested: {name} -->\n```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


def verified_in_python(secret, letter, body=None):
    scope = {}
    exec(snippet("verify-python", "python"), scope)  # as the page prints it
    return scope["is_from_darkroom"](secret, letter.headers, body or letter.body)


def verified_in_node(secret, letter, body=None):
    script = snippet("verify-node", "js") + """
        const [secret, headers, body] = JSON.parse(require("node:fs").readFileSync(0));
        console.log(isFromDarkroom(secret, headers, Buffer.from(body, "base64")));"""
    said = json.dumps([secret, letter.headers, base64.b64encode(body or letter.body).decode()])
    done = subprocess.run(["node", "-e", script], input=said, capture_output=True, text=True, check=True)
    return done.stdout == "true\n"


def test_a_photo_that_is_ready_is_told_with_a_signature_that_verifies(owner):
    with receiver() as ours:
        secret = owner.set(ours.url)["secret"]
        image_id = owner.photo()
        letter = ours.wait(image_id)[0]
        event = Webhook(secret).verify(letter.body, letter.headers)
        assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(event)] == []
        assert (event["detail-type"], event["detail"]["owner_id"]) == ("Image Ready", owner.person.owner_id)
        assert event.keys() == {"source", "detail-type", "time", "detail"}, "and nothing of the operator's account"
        assert letter.id == event["detail"]["announcement_id"]
        assert (letter.path, letter.headers["content-type"]) == ("/hook?key=in-the-query", "application/json")
        # The code in docs/EVENTS.md verifies it too, and refuses changed ones.
        other = "whsec_" + "A" * 43 + "="
        for verified in (verified_in_python, verified_in_node):
            assert verified(secret, letter)
            assert not verified(other, letter)
            assert not verified(secret, letter, body=letter.body.replace(b"Ready", b"Rarer"))
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(letter.body, letter.headers)
        letter.headers["webhook-timestamp"] = str(int(letter.headers["webhook-timestamp"]) - 301)
        assert not verified_in_python(secret, letter) and not verified_in_node(secret, letter)
        until(lambda: owner.look().get("delivered_at"), "a note of the delivery", 30)
        assert owner.look()["state"] == "active"


def test_a_receiver_that_says_gone_is_left_alone_until_it_is_set_again(owner, operator):
    with receiver(lambda number: 410) as ours:
        owner.set(ours.url)
        image_id = owner.photo()
        ours.wait(image_id)
        disabled = owner.until_state("disabled")
        assert (disabled["disabled_because"], disabled["failure"]["status"]) == ("gone", 410)
        unheard = owner.photo()
        operator.until_logged("webhook", image_id=unheard, message="ignored")
        with receiver() as other:
            assert owner.set(other.url)["state"] == "active"
            other.wait(owner.photo())
            assert other.about(unheard) == [], "what came while it was disabled is not told afterwards"
        assert [len(ours.about(image)) for image in (image_id, unheard)] == [1, 0]


def test_a_redirect_is_not_followed(owner):
    with receiver() as elsewhere, receiver(lambda number: (307, {"location": elsewhere.url})) as ours:
        owner.set(ours.url)
        ours.wait(owner.photo())
        assert owner.until_state("failing")["failure"]["status"] == 307
        assert owner.call("POST", "/me/webhook/test").json() == {"delivered": False, "reason": "status", "status": 307}
        assert elsewhere.seen == []


def test_a_webhook_hears_of_its_owners_photos_only(owner, api):
    eve = Owner(api, "eve")
    with receiver() as ours, receiver() as theirs:
        owner.set(ours.url)
        eve.set(theirs.url)
        mine, hers = owner.photo(), eve.photo()
        ours.wait(mine), theirs.wait(hers)
        assert {letter.event["detail"]["owner_id"] for letter in ours.seen} == {owner.person.owner_id}
        assert {letter.event["detail"]["owner_id"] for letter in theirs.seen} == {eve.person.owner_id}
        assert eve.look()["url"] == theirs.url, "and no user sees another's webhook"
        assert eve.call("DELETE").status_code == 204
        assert owner.look()["url"] == ours.url


def test_a_secret_lasts_until_another_is_asked_for_and_then_a_day(owner, api):
    with receiver() as ours:
        first = owner.set(ours.url)["secret"]
        assert owner.set(ours.url + "&moved=1")["secret"] == first
        second = api.secrets.keep(owner.call("POST", "/me/webhook/secret").json()["secret"])
        assert second != first and "secret" not in owner.look()
        letter = ours.wait(owner.photo())[0]
        assert len(letter.headers["webhook-signature"].split()) == 2
        for secret in (first, second):
            Webhook(secret).verify(letter.body, letter.headers)
            assert verified_in_python(secret, letter) and verified_in_node(secret, letter)
        assert owner.call("DELETE").status_code == 204
        assert owner.set(ours.url)["secret"] not in (first, second), "what was deleted does not come back"


def test_one_that_was_deleted_is_called_no_more(owner, operator):
    with receiver() as ours:
        owner.set(ours.url)
        ours.wait(owner.photo())
        assert owner.call("DELETE").status_code == 204
        unheard = owner.photo()
        for method, path in (("GET", "/me/webhook"), ("DELETE", "/me/webhook"), ("POST", "/me/webhook/secret"),
                             ("POST", "/me/webhook/test")):
            assert problem(owner.call(method, path)) == NOT_FOUND
        operator.until_logged("webhook", image_id=unheard, message="ignored")
        owner.set(ours.url)
        ours.wait(owner.photo())
        assert ours.about(unheard) == []


def test_it_can_be_tried_out(owner):
    with receiver() as ours:
        secret = owner.set(ours.url)["secret"]
        assert owner.call("POST", "/me/webhook/test").json() == {"delivered": True, "status": 204}
        (letter,) = ours.seen
        assert Webhook(secret).verify(letter.body, letter.headers)["detail-type"] == "Webhook Test"
    assert owner.call("POST", "/me/webhook/test").json() == {"delivered": False, "reason": "unreachable"}
    assert owner.look()["state"] == "active", "a try does not count"


REFUSED = {
    "plain http": "http://hooks.example.com/",
    "the runtime API": "http://localhost:9001/2018-06-01/runtime/invocation/next",
    "an address": "https://10.0.0.1/",
    "a metadata service": "http://169.254.169.254/latest/meta-data/",
    "an address in disguise": "https://2130706433/",
    "IPv6": "https://[::1]/",
    "a user": "https://ada:secret@hooks.example.com/",
    "a name of the neighbourhood": "https://localhost/",
    "a fragment": "https://hooks.example.com/#x",
    "another service's port": "https://hooks.example.com:22/",
    "no URL": "hooks.example.com",
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_r36_what_must_not_be_called_is_refused(api, ada, url):
    answer = api.call("PUT", "/me/webhook", token=ada.id_token, json={"url": url})
    assert (problem(answer), fields(answer)) == ((400, "Request.Invalid"), ["url"])
    assert url not in answer.text
    assert problem(api.call("GET", "/me/webhook", token=ada.id_token)) == NOT_FOUND


def test_r36_unknown_fields_are_refused(api, ada):
    answer = api.call("PUT", "/me/webhook", token=ada.id_token, json={"url": "https://a.example/", "secret": "mine"})
    assert (problem(answer), fields(answer)) == ((400, "Request.Invalid"), ["secret"])


@pytest.mark.parametrize("method, path", [
    ("GET", "/me/webhook"), ("PUT", "/me/webhook"), ("DELETE", "/me/webhook"), ("POST", "/me/webhook/secret"),
    ("POST", "/me/webhook/test")])
def test_r34_every_route_needs_a_sign_in(api, method, path):
    assert problem(api.call(method, path)) == (401, "Auth.Unauthorized")


def test_what_is_not_taken_comes_again_as_the_same_event(refused_twice):
    owner, ours, secret, image_id, failing = refused_twice
    assert (failing["failure"]["reason"], failing["failure"]["status"]) == ("status", 500)
    letters = ours.wait(image_id, count=3, seconds=90)
    assert len({letter.id for letter in letters}) == len({letter.body for letter in letters}) == 1
    first, second, third = letters
    assert 4 < second.at - first.at < third.at - second.at > 25, "5 s, then 30 s, and more on a busy machine"
    for letter in letters:
        Webhook(secret).verify(letter.body, letter.headers)
    assert len({letter.headers["webhook-signature"] for letter in letters}) == 3, "each attempt has its own time"
    assert owner.until_state("active").keys().isdisjoint({"failure", "failing_since"})


def test_only_the_host_is_in_the_logs(operator):
    """The tests before this one had a secret in their URL's query."""
    lines = operator.raw_lines(f"/aws/lambda/{operator.stack['functions']['webhook']}")
    told = [json.loads(line) for line in lines]
    assert {line["host"] for line in told if line.get("message") == "delivered"} == {"127.0.0.1"}
    assert "in-the-query" not in "\n".join(lines)
