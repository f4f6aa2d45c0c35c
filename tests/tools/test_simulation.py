"""R55: a burst of any size waits and never turns into failed photos. The simulation goes by the state machine as it is
rendered and by the settings as they are; docs/SCALE.md shows what it prints."""

import contextlib
import io
import os
import re
import shlex
import xml.etree.ElementTree as Xml
from dataclasses import replace
from pathlib import Path

import pytest

from darkroom import curves
from darkroom.simulate import __main__ as program
from darkroom.simulate import report, scale
from darkroom.simulate.burst import Burst
from darkroom.simulate.clock import Bucket, Clock
from darkroom.simulate.rules import Queue, rules
from darkroom.simulate.services import THROTTLED
from tests.support.printed import commands, shows_what_they_print

ROOT = Path(__file__).resolve().parents[2]
SCALE = ROOT / "docs/SCALE.md"
BUSY = ("validate", "resize", "watermark")


def burst(goes_by, photos=10_000):
    return Burst(goes_by, photos).run()


@pytest.fixture(scope="module")
def small():
    """10,000 photos in a new account."""
    return burst(rules(10))


@pytest.fixture(scope="module")
def large():
    return burst(rules(1000))


@pytest.mark.parametrize("which", ["small", "large"])
def test_r55_every_photo_of_ten_thousand_ends_ready(which, request):
    result = request.getfixturevalue(which)
    assert {outcome: result.count(outcome) for outcome in report.OUTCOMES} == {
        "ready": 10_000, "failed": 0, "timed out": 0, "dead letter": 0}


@pytest.mark.parametrize("which", ["small", "large"])
def test_r55_executions_in_flight_stay_at_the_cap(which, request):
    """Each sandbox takes its share of the free places, rounded up."""
    result = request.getfixturevalue(which)
    cap, sandboxes = result.rules.pace.in_flight, result.rules.uploads.sandboxes
    assert result.machine.most_running <= cap + sandboxes - 1


def test_r55_the_api_is_served_during_a_burst(small, large):
    for result in (small, large):
        calls, refused = result.functions.calls["api"], result.functions.refused["api"]
        assert calls > 300 and refused / calls < 0.005


def test_r55_messages_wait_in_the_queue_and_not_in_their_deliveries(small):
    assert small.uploads.most_receives < small.rules.uploads.max_receives / 10


def test_r55_half_of_a_new_accounts_places_are_used(small):
    """A burst only takes time: what five executions at once need, and up to a second until a free place is seen."""
    goes_by = small.rules
    ideal = goes_by.pace.in_flight / scale.seconds_in_flight(goes_by)
    assert len(small.waits()) / small.completions()[-1] > 0.6 * ideal


# ------------------------------------------------------------------------------------------------ the fault of before


def as_before(concurrency):
    """No cap, ten batches of ten at once, five receives, and retries of two minutes."""
    now = rules(concurrency)
    path = tuple(replace(state, retriers=tuple(
        replace(retrier, attempts=8) if retrier.takes(THROTTLED) and state.function else retrier
        for retrier in state.retriers)) for state in now.path)
    before = Queue(visibility_s=180, max_receives=5, retention_s=345_600, batch=10, sandboxes=10)
    return now.but(pace=None, path=path, uploads=before)


def test_r55_without_cap_and_patience_most_photos_of_a_burst_fail():
    result = burst(as_before(10))
    assert result.count("failed") > 5_000
    assert result.functions.refused["api"] / result.functions.calls["api"] > 0.2, "and so did the API"


def test_r55_and_seven_hundred_and_fifty_photos_were_enough_for_that():
    assert burst(as_before(10), photos=750).count("failed") > 0
    assert burst(as_before(10), photos=300).count("failed") == 0, "a small burst failed nothing"


def test_r55_the_retries_alone_would_survive_it_too():
    """Without the cap, for example if an operator starts thousands of executions by hand: slow, but no photo fails."""
    result = burst(rules(10).but(pace=None), photos=2_000)
    assert result.count("ready") == 2_000


# ---------------------------------------------------------------------------------------------------- what it goes by


def test_it_goes_by_the_rendered_machine_and_the_settings():
    found = rules(10)
    assert [state.function for state in found.path] == [*BUSY, None]
    retrier = found.path[0].retrier(THROTTLED)
    assert (retrier.attempts, retrier.is_jittered) == (80, True)
    assert [retrier.delay(n) for n in (0, 1, 10, 1000)] == [2, 4, 60, 60]
    assert found.path[3].retrier("DynamoDB.ConditionalCheckFailedException").attempts == 0
    assert (found.machine_timeout_s, found.uploads.max_receives, found.pace.in_flight) == (21_600, 100, 5)


def test_a_bucket_gives_its_tokens_and_then_its_refill():
    clock = Clock()
    bucket = Bucket(clock, size=3, refill=2)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.now = 1.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_the_same_seed_gives_the_same_burst():
    one, other = (Burst(rules(10), 200, seed=3).run() for _ in range(2))
    assert report.lines(one) == report.lines(other)
    assert report.lines(Burst(rules(10), 200, seed=4).run()) != report.lines(one)


def test_the_picture_shows_arrivals_and_completions(small):
    drawn = Xml.fromstring(curves.picture(sorted(small.arrived), small.completions(), "a < title"))
    lines = [line.get("points").split() for line in drawn.iter("{http://www.w3.org/2000/svg}polyline")]
    assert len(lines) == 2 and all(len(points) > 100 for points in lines)
    tops = [min(float(point.split(",")[1]) for point in points) for points in lines]
    assert tops[0] == tops[1], "all that arrived was ready in the end"


def test_a_photo_that_fails_fails_the_command(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(program, "rules", lambda *_: as_before(10))
    assert program.main(["--photos", "3000", "--picture", str(tmp_path / "burst.svg")]) == 1
    assert "failed 0" not in capsys.readouterr().out


def test_a_number_that_is_none_is_told():
    with pytest.raises(SystemExit), contextlib.redirect_stderr(io.StringIO()) as said:
        program.main(["--photos", "many"])
    assert "many" in said.getvalue()


# -------------------------------------------------------------------------------------------------------- the document


def printed(command, picture):
    """The output of the document's command."""
    _, target, *variables = shlex.split(command)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        if target == "simulate-scale":
            assert scale.main() == 0
        else:
            given = [f"--{name.lower().replace('_', '-')}={value}" for name, _, value in
                     (variable.partition("=") for variable in variables) if name != "PICTURE"]
            assert program.main([*given, f"--picture={picture}"]) == 0
    return out.getvalue()


def test_the_document_shows_what_the_commands_print(tmp_path):
    assert len(commands(SCALE)) >= 3
    pictures = {}

    def output(command):
        picture = tmp_path / "burst.svg"
        said = printed(command, picture)
        if named := re.search(r"PICTURE=(\S+)", command):
            pictures[ROOT / named[1]] = picture.read_text(encoding="utf-8")
            said = f"```\n{said}```\n"
        return said

    shows_what_they_print(SCALE, output)
    for file, drawn in pictures.items():
        if os.environ.get("DARKROOM_WRITE"):
            file.write_text(drawn, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == drawn, f"{file.name}: DARKROOM_WRITE=1 make test-tools"
