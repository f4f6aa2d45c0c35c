"""A user who signs up through the API, and has an account for as long as the run takes."""
import json
import os
import secrets
import sys
import uuid

from darkroom.console import Failure
from darkroom.smoke.target import Target
from darkroom.smoke.waiting import until
from darkroom.smoke.web import Answer
from darkroom.stack import newcomer

CLOSED_S = 60
PASSWORD = "DARKROOM_SMOKE_PASSWORD"  # of an account that is there already


class Person:
    def __init__(self, target: Target, mail: str | None):
        if not (mail or target.local):
            raise Failure("make smoke needs an address for the code that it has mailed",
                          hint=f"make smoke ENV={target.name} MAIL=you@example.com")
        self.target = target
        self.mail = mail or f"smoke-{uuid.uuid4().hex[:12]}@example.com"
        self.password = f"Aa1-{secrets.token_urlsafe(18)}"
        self.signed_up = False
        self._token = ""

    def open_account(self) -> str:
        if given := os.environ.get(PASSWORD):
            self.password = given
            self.sign_in()
            return f"{self.mail} signed in; the account was there, so signing up was not tried"
        known = self._mails()
        self.expect(202, "POST", "/auth/signup", self._credentials())
        self.signed_up = True
        self.expect(200, "POST", "/auth/verify", {"email": self.mail, "code": self._code(known)})
        self.sign_in()
        return f"{self.mail} signed up, was mailed a code and signed in with it"

    def sign_in(self) -> None:
        self._token = self.expect(200, "POST", "/auth/signin", self._credentials()).json()["id_token"]

    def close_account(self) -> str:
        """Only one that this run opened, and only where the API has a route for it."""
        if not self.signed_up:
            return "the account was there before and stays"
        contract = self.expect(200, "GET", "/openapi.json").json()
        route = contract["paths"].get("/me", {}).get("delete")
        if route is None:
            return f"the API has no route that closes an account: {self.mail} keeps an empty one"
        self.sign_in()  # the API wants a sign-in of the last minutes, and the story may have taken longer
        self.expect((200, 202, 204), "DELETE", "/me", {"password": self.password} if "requestBody" in route else None)
        # The route only asks for it: a function closes the account a moment later.
        refused = lambda: self.call("POST", "/auth/signin", self._credentials()).status == 401  # noqa: E731
        until(refused, "the account was closed, and signing in still works", seconds=CLOSED_S)
        return f"the account of {self.mail} is gone"

    def call(self, method: str, path: str, body: dict | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        sent = None if body is None else json.dumps(body).encode()
        return self.target.web.send(method, self.target.api_url + path, body=sent, headers=headers)

    def expect(self, wanted: int | tuple[int, ...], method: str, path: str, body: dict | None = None) -> Answer:
        answer = self.call(method, path, body)
        if answer.status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            raise Failure(f"{method} {path} answered {answer}")
        return answer

    def _credentials(self) -> dict:
        return {"email": self.mail, "password": self.password}

    def _mails(self) -> int:
        return len(newcomer.mails(self._mailbox(), self.mail)) if self.target.local else 0

    def _code(self, known: int) -> str:
        if self.target.local:
            return newcomer.await_code(self._mailbox(), self.mail, known)
        print(f"The code that was mailed to {self.mail} (no mail? If the address has an account, give its password in "
              f"{PASSWORD}): ", end="", file=sys.stderr, flush=True)
        if not (code := sys.stdin.readline().strip()):
            raise Failure("no code was given, so the account stays unconfirmed")
        return code

    def _mailbox(self) -> dict:
        return {"mailbox_url": self.target.mailbox_url}
