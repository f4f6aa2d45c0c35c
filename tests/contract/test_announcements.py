"""docs/EVENTS.md shows what api/announcement.schema.json describes."""

import copy
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "api/announcement.schema.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/EVENTS.md").read_text(encoding="utf-8")
SHOWN = [json.loads(text) for text in re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]
JUDGE = Draft7Validator(SCHEMA)


def test_the_schema_is_one():
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("event", SHOWN, ids=lambda event: event["detail-type"])
def test_the_page_shows_what_the_schema_describes(event):
    assert [error.message for error in JUDGE.iter_errors(event)] == []


def test_the_page_lists_each_kind():
    assert re.findall(r"^\| `(Image \w+)` \|", PAGE, re.MULTILINE) == SCHEMA["properties"]["detail-type"]["enum"]


def test_the_page_says_when_a_webhook_is_tried_again():
    units = {"s": 1, "min": 60, "h": 3600}
    said = re.search(r"comes again, after ((?:\d+ (?:s|min|h),? )+)", PAGE.replace("\n", " "))[1]
    delays = [int(number) * units[unit] for number, unit in re.findall(r"(\d+) (s|min|h)", said)]
    settings = json.loads((ROOT / "settings/functions.json").read_text(encoding="utf-8"))["webhooks_queue"]
    assert delays == settings["retry_delays_s"]


CHANGES = {
    "another version": lambda event: event["detail"].update(version=2),
    "a link": lambda event: event["detail"].update(url="https://example.com"),
    "no image": lambda event: event["detail"].pop("image_id"),
    "no sizes": lambda event: event["detail"].pop("sizes"),
    "an unknown kind": lambda event: event.update({"detail-type": "Image Liked"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_schema_lets_nothing_else_pass(change):
    event = copy.deepcopy(SHOWN[0])
    change(event)
    assert list(JUDGE.iter_errors(event))
