"""The picture of photos that arrive and are ready, and its percentiles."""

import xml.etree.ElementTree as Xml

import pytest

from darkroom import curves
from tests.load.arrivals import flow, moment

SVG = "{http://www.w3.org/2000/svg}"
BEGAN = {"a": 100.0, "b": 101.0, "c": 102.0, "d": 104.0}
READY = {"a": 103.0, "b": 103.5, "c": 112.0, "d": 105.0}


def test_a_flow_counts_from_the_first_put():
    found = flow(BEGAN, READY)
    assert found.arrivals == [0, 1, 2, 4] and found.completions == [3, 3.5, 5, 12]
    assert found.waits == [1, 2.5, 3, 10], "each photo's own wait, whatever the order of the ends"
    assert found.lines() == ["4 photos sent, 4 ready, the last after 12.0 s: 0.3 a second",
                             "PUT to ready: p50 2.5 s, p95 10.0 s, p99 10.0 s, p100 10.0 s"]


def test_the_picture_has_both_lines_and_says_how_long_photos_waited():
    drawn = Xml.fromstring(flow(BEGAN, READY).picture())
    said = "".join(drawn.itertext())
    assert "p95 10.0 s" in said and "4 photos sent" in said
    arrived, ready = ([[*map(float, point.split(","))] for point in line.get("points").split()]
                      for line in drawn.iter(f"{SVG}polyline"))
    assert arrived[-1] == ready[-1], "all that were sent are ready in the end"
    assert all(one[0] < other[0] for one, other in zip(arrived[1:-1], ready[1:-1], strict=True)), "arrived first"


def test_a_photo_that_is_missing_leaves_a_gap():
    drawn = Xml.fromstring(curves.picture([0, 1, 2, 3], [4, 5], "title"))
    tops = [min(float(point.split(",")[1]) for point in line.get("points").split())
            for line in drawn.iter(f"{SVG}polyline")]
    assert tops[0] < tops[1], "in SVG, up is less"


@pytest.mark.parametrize("share, value", [(50, 2), (75, 3), (99, 4), (100, 4)])
def test_a_percentile_is_one_of_the_values(share, value):
    assert curves.percentile([1, 2, 3, 4], share) == value


def test_a_moment_of_a_record_is_a_clocks():
    assert moment("1970-01-01T00:01:00.250Z") == 60.25
