"""The receiver of `make smoke` takes events whose signature holds, and no others."""

import time
import urllib.request
from datetime import datetime, timezone

import pytest
from standardwebhooks import Webhook as Sender

from darkroom.smoke.report import NotHere
from darkroom.smoke.webhook import Letter, Webhook, receiving

SECRET = "whsec_" + "A" * 43 + "="
BODY = b'{"detail":{"image_id":"0198c7b2"},"detail-type":"Image Ready"}'


class Here:
    local = True


class There:
    local = False


def letter(at=None, secret=SECRET, body=BODY):
    sent = datetime.fromtimestamp(at or time.time(), timezone.utc)
    return Letter({"webhook-id": "one", "webhook-timestamp": str(int(sent.timestamp())),
                   "webhook-signature": Sender(secret).sign("one", sent, BODY.decode())}, body)


def test_a_signature_of_the_standard_holds():
    assert letter().is_signed_with(SECRET)


@pytest.mark.parametrize("wrong", [
    letter(secret="whsec_" + "B" * 43 + "="), letter(at=time.time() - 301),
    letter(body=BODY.replace(b"Ready", b"Rarer")), Letter({}, BODY), Letter({"webhook-timestamp": "soon"}, BODY),
], ids=["another secret", "old", "altered", "unsigned", "no time"])
def test_anything_else_does_not(wrong):
    assert not wrong.is_signed_with(SECRET)


def test_what_arrives_is_kept_and_told_apart():
    with receiving(Here(), None, None, None) as webhook:
        webhook.secret = SECRET
        for each in (letter(), letter(secret="whsec_" + "B" * 43 + "=")):
            request = urllib.request.Request(webhook.url, data=each.body, headers=each.headers, method="POST")
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            assert opener.open(request, timeout=10).status == 204
        assert len(webhook.letters) == 2
        assert webhook.told("Image Ready", "0198c7b2") == "'Image Ready' was received, and its signature holds"
        assert webhook._about("Image Ready", "another") == [] == webhook._about("Image Deleted", "0198c7b2")


def test_on_aws_nothing_is_received_unless_a_port_is_named():
    with receiving(There(), None, None, None) as webhook:
        assert (webhook.url, webhook.port) == ("", None)
        with pytest.raises(NotHere, match="no receiver was named"):
            webhook.set()
    with receiving(There(), None, "https://tunnel.example.com/hook", None) as webhook:
        assert webhook.port is None


def test_a_webhook_that_was_never_set_needs_no_forgetting():
    Webhook(None, "", None).forget()
