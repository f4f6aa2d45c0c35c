"""The user's webhook: set by the API, received on this machine if its URL leads here, and verified."""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from darkroom.console import Failure
from darkroom.smoke.person import Person
from darkroom.smoke.report import NotHere
from darkroom.smoke.target import Target
from darkroom.smoke.waiting import until

TOLD_SECONDS = 120
FRESH_SECONDS = 300


@dataclass
class Letter:
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Verifies as docs/EVENTS.md tells receivers to."""
        sent_at = self.headers.get("webhook-timestamp", "0")
        if not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > FRESH_SECONDS:
            return False
        key = base64.b64decode(secret.removeprefix("whsec_"))
        message = f"{self.headers.get('webhook-id')}.{sent_at}.".encode() + self.body
        expected = "v1," + base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()
        return any(hmac.compare_digest(expected, given) for given in self.headers.get("webhook-signature", "").split())


@dataclass
class Webhook:
    """`port` is None if the URL leads to another machine: then only the API tells of deliveries."""

    person: Person
    url: str
    port: int | None
    letters: list[Letter] = field(default_factory=list)
    secret: str = ""

    def set(self) -> str:
        if not self.url:
            raise NotHere("no receiver was named (WEBHOOK=https://…)")
        self.secret = self.person.expect(200, "PUT", "/me/webhook", {"url": self.url}).json()["secret"]
        told = self.person.expect(200, "POST", "/me/webhook/test").json()
        if not told["delivered"]:
            raise Failure(f"the receiver did not take a test: {told.get('status') or told.get('reason')}")
        if self.port is None:
            return "the receiver took a test event"
        if not self._verified("Webhook Test"):
            raise Failure("a test event was delivered, and not to this machine with a signature that holds",
                          hint=f"does {self.url} lead to port {self.port}?" if self.port else "")
        return "a test event was received, and its signature holds"

    def told(self, what: str, image_id: str) -> str:
        """Waits for the event about the photo; if this machine receives it, its signature must hold."""
        if self.port is None:
            until(lambda: self._look().get("delivered_at"), "an event at the receiver", seconds=TOLD_SECONDS)
            return "the receiver took an event; its signature is the receiver's to verify"
        until(lambda: self._about(what, image_id), f"'{what}' at the receiver", seconds=TOLD_SECONDS)
        return f"'{what}' was received, and its signature holds"

    def forget(self) -> None:
        if self.secret:
            self.person.expect((204, 404), "DELETE", "/me/webhook")

    def _look(self) -> dict:
        return self.person.expect(200, "GET", "/me/webhook").json()

    def _about(self, what: str, image_id: str) -> list[Letter]:
        return [each for each in self._verified(what) if each.event["detail"].get("image_id") == image_id]

    def _verified(self, what: str) -> list[Letter]:
        """Anyone may post to a URL that leads here, but only Darkroom knows the secret."""
        found = [each for each in list(self.letters) if each.is_signed_with(self.secret)]
        return [each for each in found if each.event["detail-type"] == what]


@contextlib.contextmanager
def receiving(target: Target, person: Person, url: str | None, port: int | None) -> Iterator[Webhook]:
    """A webhook with a server behind it for as long as the block: always on a laptop, elsewhere on the port to which
    the given URL leads (a tunnel)."""
    if not target.local and port is None:
        yield Webhook(person, url or "", None)
        return
    webhook = Webhook(person, url or "", port or 0)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            webhook.letters.append(Letter({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port or 0), Handler)
    webhook.url = url or f"http://127.0.0.1:{server.server_port}/smoke"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield webhook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
