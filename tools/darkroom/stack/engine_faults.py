"""Faults between the functions and the engine, for `make chaos`: engine_host.py puts this around the engine where
DARKROOM_FAULTS names a seed. Only calls of the functions are hit, which the Rust SDK's user agent tells; requests of
Terraform, of people and of tests go through.

Each fault is one that AWS or a network really has: a late answer, an error before the call took effect, an error or no
answer after it did, a throttle, the same request twice.
"""
import asyncio
import json
import random
from collections import Counter

PATH = "/_darkroom/faults"
OF_A_FUNCTION = b"aws-sdk-rust"
LATE_S = (0.05, 1.5)
# How many of a hundred calls each fault hits, once faults are on.
SHARES = {"late": 5, "refused": 3, "throttled": 3, "lost answer": 3, "twice": 2, "error after the effect": 2}


class Faults:
    """An ASGI wrapper. `PUT /_darkroom/faults` with `{"on": true}` begins, `GET` tells what was done."""

    def __init__(self, application, seed):
        self._application = application
        self._chance = random.Random(seed)
        self._on = False
        self._done = Counter()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif scope["path"] == PATH:
            await self._control(scope, receive, send)
        elif self._on and OF_A_FUNCTION in dict(scope["headers"]).get(b"user-agent", b"").lower():
            await self._disturb(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    async def _control(self, scope, receive, send):
        if scope["method"] == "PUT":
            self._on = json.loads(await _body(receive))["on"]
        await _answer(send, 200, json.dumps({"on": self._on, "done": self._done}).encode())

    async def _disturb(self, scope, receive, send):
        [fault] = self._chance.choices([*SHARES, None], [*SHARES.values(), 100 - sum(SHARES.values())])
        if fault is None:
            await self._application(scope, receive, send)
            return
        self._done[fault] += 1
        body = await _body(receive)
        if fault == "late":
            await asyncio.sleep(self._chance.uniform(*LATE_S))
            await self._application(scope, _again(body), send)
        elif fault == "refused":
            await _error(scope, send, 500)
        elif fault == "throttled":
            await _error(scope, send, 503)
        elif fault == "twice":
            await self._application(scope, _again(body), _unheard)
            await self._application(scope, _again(body), send)
        elif fault == "error after the effect":
            await self._application(scope, _again(body), _unheard)
            await _error(scope, send, 500)
        else:
            await self._application(scope, _again(body), _unheard)
            # The server closes a connection whose answer is shorter than it said.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000000")]})
            await send({"type": "http.response.body", "body": b""})


async def _body(receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body):
    """The request's body, for each call of the engine; after the body it reports no disconnect."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if messages:
            return messages.pop()
        return await asyncio.Event().wait()

    return receive


async def _unheard(_message):
    pass


async def _error(scope, send, status):
    """The error in the service's own form: S3 speaks XML, DynamoDB and Step Functions throttle with a 400."""
    if dict(scope["headers"]).get(b"x-amz-target"):
        name = "InternalServerError" if status == 500 else "ThrottlingException"
        await _answer(send, 500 if status == 500 else 400, json.dumps({"__type": name, "message": "a fault"}).encode())
    else:
        code = b"InternalError" if status == 500 else b"SlowDown"
        await _answer(send, status, b"<Error><Code>" + code + b"</Code><Message>a fault</Message></Error>")


async def _answer(send, status, body):
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})
