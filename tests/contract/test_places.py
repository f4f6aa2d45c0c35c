"""A new route, parameter or field of a body says what stands there, before another user's things could be named in it
unseen."""

import re

import pytest
from citations import ROOT

from tests.support.places import ELSEWHERE, NAMES, OF_NO_ONE, listed_as, places

PLACES = list(places())


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_r33_each_place_of_a_request_is_listed(place):
    assert len(listed_as(place)) == 1, "list it in tests/support/places.py"


def test_r33_nothing_is_listed_that_no_request_has():
    there = {key for place in PLACES for key in (place.leaf, f"{place.operation.path} {place.leaf}")}
    assert {*NAMES, *ELSEWHERE, *OF_NO_ONE} <= there


@pytest.mark.parametrize("cited", sorted(set(ELSEWHERE.values())))
def test_r33_what_is_tried_elsewhere_is_tried_there(cited):
    file, name = cited.split("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
