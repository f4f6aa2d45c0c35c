"""Tests of the check of answers: the answers that it accepts, and all those that it must refuse."""

import json
from dataclasses import dataclass, field

import pytest

from tests.support.conformance import Conformance

IMAGE = "/image/01890a5d-ac96-774b-bcce-b302099a8057"
PROBLEM = {"type": "docs/ERRORS.md#Request.NotFound", "title": "No.", "status": 404, "code": "Request.NotFound",
           "request_id": "1"}


@dataclass
class Answer:
    status_code: int
    body: dict | None
    headers: dict = field(default_factory=dict)
    history: tuple = ()

    def __post_init__(self):
        media = "application/problem+json" if self.status_code >= 400 else "application/json"
        self.headers = {"content-type": media, "x-request-id": "1"} | self.headers
        self.content = b"" if self.body is None else json.dumps(self.body).encode()

    def json(self):
        return self.body


@pytest.fixture(scope="module")
def judge():
    return Conformance()


def test_what_the_file_describes_passes(judge):
    assert judge.faults("GET", f"{IMAGE}?size=small", Answer(404, PROBLEM)) == []
    assert judge.faults("POST", "/auth/signup", Answer(202, {"message": "It is on its way."})) == []
    assert judge.faults("GET", "/nothing", Answer(404, PROBLEM)) == []
    assert ("POST /auth/signup", "202") in judge.seen


FAULTS = {
    "a status that the file does not know": ("GET", IMAGE, Answer(418, PROBLEM)),
    "a mistake of the client behind `default`": ("GET", IMAGE, Answer(422, PROBLEM)),
    "a field too many": ("POST", "/auth/signup", Answer(202, {"message": "x", "more": 1})),
    "a field too few": ("POST", "/auth/signup", Answer(202, {})),
    "another type": ("POST", "/auth/signup", Answer(202, {"message": 1})),
    "a code that is not in the catalogue": ("GET", IMAGE, Answer(404, PROBLEM | {"code": "Not.Known"})),
    "another media type": ("GET", IMAGE, Answer(404, PROBLEM, {"content-type": "application/json"})),
    "no request id": ("GET", IMAGE, Answer(404, PROBLEM, {"x-request-id": None})),
    "a header that is not a number": ("GET", IMAGE, Answer(429, PROBLEM, {"retry-after": "soon"})),
    "a header out of its range": ("GET", IMAGE, Answer(429, PROBLEM, {"retry-after": "0"})),
    "a header it does not speak of": ("POST", "/auth/signup", Answer(202, {"message": "x"}, {"etag": '"1"'})),
    "a body where there is none": ("GET", IMAGE, Answer(304, {"image_id": 1}, {"etag": '"1"', "cache-control": "x"})),
    "an answer of no route": ("GET", "/nothing", Answer(200, {})),
}


@pytest.mark.parametrize(("method", "path", "answer"), FAULTS.values(), ids=FAULTS)
def test_what_it_does_not_describe_is_named(judge, method, path, answer):
    assert judge.faults(method, path, answer) != []


def test_a_redirect_is_judged_where_it_began(judge):
    landed = Answer(200, {}, history=(Answer(418, PROBLEM),))
    assert judge.faults("GET", IMAGE, landed) == ["GET /image/{image_id} answers 418, which the file does not know"]
