"""Darkroom as its users meet it: the REST API, the mailbox, and URLs that the API signed."""

import base64
import contextlib
import hashlib
import json
import re
import secrets as randomness
import uuid

import requests

from tests.support.conformance import Conformance
from tests.support.waiting import until

DECIDED = {"ready", "rejected", "failed"}


class Secrets:
    """Secrets that went over the wire and must not be found anywhere else."""

    def __init__(self):
        self.values = set()

    def keep(self, value):
        if value:
            self.values.add(value)
        return value

    def keep_signature(self, url):
        self.keep(re.search(r"X-Amz-Signature=([0-9a-f]{64})", url)[1])


class Api:
    def __init__(self, url, mailbox_url, secrets):
        self.url, self.mailbox_url, self.secrets = url, mailbox_url, secrets
        self.contract = Conformance()

    def call(self, method, path, *, token=None, headers=None, **body):
        """One request. Without a session: no proxy of the environment, no cookie, nothing kept. Whatever the answer, it
        is one that api/openapi.yaml describes."""
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        answer = send(method, self.url + path, headers=headers, **body)
        faults = self.faults(method, path, answer)
        assert not faults, faults
        return answer

    def faults(self, method, path, answer):
        return self.contract.faults(method, path, answer)

    def post(self, path, body, **more):
        return self.call("POST", path, json=body, **more)

    def newcomer(self, name):
        """A user who just signed up, confirmed the address, and signed in."""
        person = Person(self, name)
        person.sign_up()
        person.verify(person.mailed_code())
        person.sign_in()
        return person


class Person:
    def __init__(self, api, name):
        self.api = api
        self.email = api.secrets.keep(f"{name}-{uuid.uuid4().hex[:12]}@example.com")
        self.password = api.secrets.keep(f"Aa1-{randomness.token_urlsafe(18)}")
        self.tokens = None

    # ------------------------------------------------------------------------------------------------------ accounts

    @property
    def credentials(self):
        return {"email": self.email, "password": self.password}

    @property
    def id_token(self):
        return self.tokens["id_token"]

    @property
    def owner_id(self):
        """As it stands in keys and records: the `sub` of the token."""
        return claims(self.id_token)["sub"]

    def sign_up(self):
        answer = self.api.post("/auth/signup", self.credentials)
        assert answer.status_code == 202, answer.text

    def mailed_code(self, number=1):
        """The code in the newest mail, once there are that many."""
        mails = until(lambda: found if len(found := self.mails()) >= number else None, f"mail {number} to a newcomer")
        return self.api.secrets.keep(re.search(r"\b\d{6}\b", f"{mails[-1]['BodyText']} {mails[-1]['BodyHtml']}")[0])

    def mails(self):
        accounts = send("GET", self.api.mailbox_url).json()["messages"]
        return [mail for mails in accounts.values() for mail in mails if self.email in mail["To"]]

    def verify(self, code):
        answer = self.api.post("/auth/verify", {"email": self.email, "code": code})
        assert answer.status_code == 200, answer.text

    def sign_in(self):
        answer = self.api.post("/auth/signin", self.credentials)
        assert answer.status_code == 200, answer.text
        self.tokens = answer.json()
        for name in ("id_token", "refresh_token"):
            self.api.secrets.keep(self.tokens[name])

    # -------------------------------------------------------------------------------------------------------- photos

    def ticket(self, content, content_type="image/jpeg", filename="photo.jpg", checksum=False):
        wanted = {"filename": filename, "content_type": content_type, "size_bytes": len(content)}
        if checksum:
            wanted["sha256"] = hashlib.sha256(content).hexdigest()
        answer = self.api.post("/upload", wanted, token=self.id_token)
        assert answer.status_code == 201, answer.text
        ticket = answer.json()
        self.api.secrets.keep_signature(ticket["upload"]["url"])
        return ticket

    def form(self, content_type="image/jpeg", filename="photo.jpg"):
        """A ticket for a photo of any size."""
        wanted = {"filename": filename, "content_type": content_type}
        answer = self.api.post("/upload", wanted, token=self.id_token)
        assert answer.status_code == 201, answer.text
        ticket = answer.json()
        self.api.secrets.keep(ticket["upload"]["fields"]["x-amz-signature"])
        return ticket

    def me(self):
        answer = self.api.call("GET", "/me", token=self.id_token)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def upload(self, content, content_type="image/jpeg", filename="photo.jpg"):
        """The image's id, once the bytes are in storage."""
        ticket = self.ticket(content, content_type, filename)
        answer = put(ticket, content)
        assert answer.status_code == 200, answer.text
        return ticket["image_id"]

    def look(self, image_id, query="", **headers):
        answer = self.api.call("GET", f"/image/{image_id}{query}", token=self.id_token, headers=headers)
        if answer.ok and answer.content:
            for variant in answer.json().get("variants", {}).values():
                self.api.secrets.keep_signature(variant["url"])
        return answer

    def wait(self, image_id, seconds=60):
        """The image, once it is ready, rejected or failed."""

        def decided():
            answer = self.look(image_id)
            assert answer.status_code in (200, 202), answer.text
            image = answer.json()
            assert (answer.status_code == 200) == (image["status"] in DECIDED)
            return image if image["status"] in DECIDED else None

        return until(decided, f"an outcome of image {image_id}", seconds)


def send(method, url, **more):
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=30, **more)


def put(ticket, content, **headers):
    """The upload exactly as the ticket says, but for the given headers; None leaves one out. The length is that of the
    content: the HTTP client sees to it."""
    upload = ticket["upload"]
    sent = {name: value for name, value in (upload["headers"] | headers).items() if value is not None}
    return send(upload["method"], upload["url"], data=content, headers=sent)


def post_form(ticket, content, **fields):
    """The form exactly as the ticket says, but for the given fields; None leaves one out."""
    upload = ticket["upload"]
    sent = {name: value for name, value in (upload["fields"] | fields).items() if value is not None}
    return send(upload["method"], upload["url"], data=sent, files={"file": ("photo", content)})


def download(url):
    answer = send("GET", url)
    assert answer.status_code == 200, answer.text
    return answer


def problem(answer):
    """Status and code of an answer that must be a problem as RFC 9457 has it."""
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"].endswith(f"#{body['code']}")
    assert body["title"]
    assert body["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, body["code"]


def fields(answer):
    """The fields that a problem names."""
    return [error["field"] for error in answer.json()["errors"]]


def claims(token):
    return json.loads(unbase64(token.split(".")[1]))


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextlib.contextmanager
def restored(undo):
    """Calls `undo` after the block, whatever a test does inside."""
    try:
        yield
    finally:
        undo()
