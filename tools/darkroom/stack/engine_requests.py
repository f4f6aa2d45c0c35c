"""Counts the engine's requests by service and operation, and answers with the counts: `make bench-stack` and
tests/e2e/test_hundred.py read them. What the engine does inside (a state machine's call of a function, a queue's poll)
is not a request and is not counted."""
import json
import re
from collections import Counter
from urllib.parse import unquote

PATH = "/_darkroom/requests"
SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
API = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_(/[^/]*)")


class RequestCounts:
    """An ASGI wrapper."""

    def __init__(self, application):
        self._application = application
        self._counts = Counter()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"].startswith(("/_ministack/", "/_localstack/")):
            await self._application(scope, receive, send)
        elif scope["path"] == PATH:
            body = json.dumps(self._counts).encode()
            await send({"type": "http.response.start", "status": 200,
                        "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]})
            await send({"type": "http.response.body", "body": body})
        else:
            self._counts[operation(scope)] += 1
            await self._application(scope, receive, send)


def operation(scope) -> str:
    """Such as `dynamodb UpdateItem`, `s3 PUT`, `api POST /upload`."""
    if called := API.match(scope["path"]):
        return f"api {scope['method']} {called[1]}"
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if target := headers.get(b"x-amz-target"):
        service, _, name = target.rpartition(".")
        return f"{service.split('_')[0].lower()} {name}"
    signed = headers.get(b"authorization", "") or unquote(scope.get("query_string", b"").decode("latin-1"))
    service = SIGNED_FOR.search(signed)
    return f"{service[1] if service else 'unsigned'} {scope['method']}"
