"""Go's HTTP client loses an answer that comes before it has done with the request's body."""
import asyncio
import time

import pytest

from darkroom.stack.engine_answers import SECONDS, HeldAnswers

GO = b"APN/1.0 Terraform/1.11.4 aws-sdk-go-v2/1.36.3 lang/go#1.23.10"
RUST = b"aws-sdk-rust/1.3.9 os/linux lang/rust/1.94.1"


def seconds_from_body_to_answer(user_agent, parts):
    """Sends a request to an application that answers at once, and returns how long the answer took after its body."""
    came, answered = [], []
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def application(_scope, receive, send):
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def receive():
        came.append(time.monotonic())
        return messages.pop(0)

    async def send(message):
        answered.append((time.monotonic(), message["type"]))

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"user-agent", user_agent)]}
    asyncio.run(HeldAnswers(application)(scope, receive, send))
    assert [kind for _, kind in answered] == ["http.response.start", "http.response.body"]
    return answered[0][0] - came[-2 if parts else -1]


@pytest.mark.parametrize("parts", [[b"{}"], [b"{", b"}"]], ids=["one part", "two parts"])
def test_an_answer_waits_until_its_request_is_done(parts):
    assert seconds_from_body_to_answer(GO, parts) >= SECONDS


@pytest.mark.parametrize(("user_agent", "parts"), [(GO, []), (RUST, [b"{}"])], ids=["no body", "a function's"])
def test_others_are_answered_at_once(user_agent, parts):
    assert seconds_from_body_to_answer(user_agent, parts) < SECONDS
