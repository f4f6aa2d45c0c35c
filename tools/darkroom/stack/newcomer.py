"""New users of the local stack, who sign up through the public API and a mailbox."""
import json
import os
import re
import secrets
import time
import urllib.error
import urllib.request
from pathlib import Path

from darkroom.console import Failure
from darkroom.paths import Stack

EMAIL, OPERATOR = "newcomer@example.com", "operator@example.com"
MAIL_SECONDS = 15
# No proxies: the environment's would be asked for a loopback address.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    def __init__(self, route: str, status: int, body: str):
        super().__init__(f"POST {route} answered {status}: {body}")
        self.status = status


def token(stack: Stack) -> str:
    return _token(stack, remembered(stack.newcomer, EMAIL))


def operator(stack: Stack) -> dict:
    """Address and password of a user who is to be an operator; signed up, if there is none yet."""
    person = remembered(stack.operator, OPERATOR)
    _token(stack, person)
    return person


def _token(stack: Stack, person: dict) -> str:
    facts = json.loads(stack.stack_json.read_text())
    try:
        return _sign_in(facts, person)
    except Refused as refused:
        if refused.status >= 500:
            raise Failure(str(refused), hint="make logs FN=auth") from refused
    try:
        _sign_up(facts, person)
        return _sign_in(facts, person)
    except Refused as refused:
        raise Failure(str(refused), hint="make logs FN=auth, or start afresh with make clean up") from refused


def remembered(path: Path, email: str) -> dict:
    if path.exists():
        return json.loads(path.read_text())
    # A password of its own for each stack: long, and with every kind of character that a policy may ask for.
    person = {"email": email, "password": f"Aa1-{secrets.token_urlsafe(18)}"}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(person, file)
    return person


def _sign_up(facts: dict, person: dict) -> None:
    known = len(mails(facts, person["email"]))
    _post(facts, "/auth/signup", person)
    code = await_code(facts, person["email"], known)
    _post(facts, "/auth/verify", {"email": person["email"], "code": code})


def _sign_in(facts: dict, person: dict) -> str:
    return _post(facts, "/auth/signin", person)["id_token"]


def await_code(facts: dict, email: str, known: int) -> str:
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for mail in reversed(mails(facts, email)[known:]):
            found = re.search(r"\b\d{6}\b", f"{mail.get('BodyText') or ''} {mail.get('BodyHtml') or ''}")
            if found:
                return found.group()
        time.sleep(0.3)
    raise Failure(f"no code arrived for {email} in {facts['mailbox_url']}", hint="make clean up")


def mails(facts: dict, email: str) -> list[dict]:
    with OPENER.open(facts["mailbox_url"], timeout=10) as answer:
        accounts = json.load(answer)["messages"]
    return [mail for mails in accounts.values() for mail in mails if email in mail["To"]]


def _post(facts: dict, route: str, body: dict) -> dict:
    request = urllib.request.Request(
        facts["api_url"].rstrip("/") + route, data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"}, method="POST",
    )
    try:
        with OPENER.open(request, timeout=30) as answer:
            text = answer.read()
            return json.loads(text) if text else {}
    except urllib.error.HTTPError as error:
        raise Refused(route, error.code, error.read().decode(errors="replace")[:300]) from error
    except OSError as error:
        raise Failure(f"the API does not answer at {facts['api_url']} ({error})", hint="make up") from error
