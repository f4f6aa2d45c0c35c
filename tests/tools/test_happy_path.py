"""What a photo costs does not grow unnoticed: tools/darkroom/cost/photo.json holds the transitions and requests of the
happy path, and a change of the code that needs more must change that file, and docs/COST.md with it.

tests/e2e/test_hundred.py counts the requests of a hundred photos, tests/e2e/test_price.py the CPU time of pixels."""

import json
from collections import defaultdict

import pytest

from darkroom.cost.photo import FUNCTIONS, PHOTO, requests, transitions
from darkroom.paths import REPOSITORY
from tests.support import aws_calls


def recorded():
    """By function, the actions that the end-to-end tests saw; links are followed by clients."""
    seen = defaultdict(set)
    for call in aws_calls.listed():
        if not call["link"]:
            seen[call["function"]].add(call["action"])
    return seen


def test_r19b_a_photo_makes_no_more_transitions_than_are_paid_for():
    assert transitions() <= PHOTO["transitions"]


@pytest.mark.parametrize("function", PHOTO["calls"])
def test_each_recorded_call_is_counted_or_is_not_of_each_photo(function):
    counted, reasons = PHOTO["calls"][function], PHOTO["not_of_each_photo"].get(function, {})
    assert recorded()[function] == counted.keys() | reasons.keys()
    assert all(len(reason.split()) > 2 for reason in reasons.values())


def test_each_function_between_the_upload_and_the_webhook_is_counted():
    """The others are called by people, by operators, or by the clock."""
    others = {"albums", "auth", "bring", "erase", "images", "mend", "meta", "rerender", "sweep", "watch"}
    assert PHOTO["calls"].keys() == PHOTO["invocations"].keys() == FUNCTIONS.keys() - others


def test_each_variant_is_one_put():
    recipe = json.loads((REPOSITORY / "settings/recipe.json").read_text(encoding="utf-8"))
    assert PHOTO["calls"]["watermark"]["s3:PutObject"] == len(recipe["variants"])
    assert (requests("s3:PutObject"), requests("s3:GetObject")) == (6, 3)
