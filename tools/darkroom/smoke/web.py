"""One HTTP request and its answer, whatever the status. Redirects are not followed: a signed link leads to the file."""
import json
import urllib.error
import urllib.request
from dataclasses import dataclass

SECONDS = 30


@dataclass
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self):
        return json.loads(self.body)

    def __str__(self) -> str:
        """The answer as text, without headers and links: it ends up in a terminal, or in the log of a pipeline."""
        try:
            body = self.json()
        except ValueError:
            return f"{self.status}, {len(self.body)} bytes"
        code = body.get("code") if isinstance(body, dict) else None
        return f"{self.status} {code} {body.get('title', '')}".strip() if code else str(self.status)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Web:
    def __init__(self, *, local: bool):
        # A proxy of the environment would be asked for a loopback address.
        proxies = [urllib.request.ProxyHandler({})] if local else []
        self._opener = urllib.request.build_opener(_NoRedirects, *proxies)

    def send(self, method: str, url: str, *, body: bytes | None = None,
             headers: dict[str, str] | None = None) -> Answer:
        request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return _answer(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return _answer(answer)


def _answer(answer) -> Answer:
    return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())
