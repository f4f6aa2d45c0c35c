"""`make test` runs suites beside each other."""

import threading
import time

import pytest

from darkroom import suites
from darkroom.suites import Suites


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Suites of a made-up Makefile."""
    monkeypatch.setattr(suites, "LOGS", tmp_path)
    makefile = tmp_path / "Makefile"
    makefile.write_text("good:\n\t@echo fine\nbad:\n\t@echo broken; exit 3\nslow:\n\t@sleep 30\n"
                        "busy:\n\t@$(SHELL) -c 'i=0; while [ $$i -lt 3000000 ]; do i=$$((i+1)); done'\n")
    return Suites(["make", "--no-print-directory", "-f", str(makefile)])


def test_a_suite_that_fails_does_not_stop_the_others(made, tmp_path):
    outcomes = made.run(["bad", "good"])
    assert [(outcome.suite, outcome.passed) for outcome in outcomes] == [("bad", False), ("good", True)]
    assert "broken" in (tmp_path / "bad.log").read_text()
    assert (tmp_path / "good.log").read_text() == "fine\n"


def test_a_suite_tells_the_cpu_time_of_its_children(made):
    [idle, busy] = made.run(["good", "busy"])
    assert idle.cpu_s < 0.5 < busy.cpu_s


def test_what_is_interrupted_leaves_nothing_running(made, monkeypatch):
    began = time.monotonic()

    def interrupted(suite):
        if suite == "good":
            while "slow" not in made._running:
                time.sleep(0.01)
            raise KeyboardInterrupt
        return one(suite)

    one = made._one
    monkeypatch.setattr(made, "_one", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made.run(["good", "slow", "good"], lanes=2)
    assert time.monotonic() - began < 10
    assert threading.active_count() < 5


def test_the_verdict_shows_the_end_of_what_failed(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(suites, "LOGS", tmp_path)
    monkeypatch.setattr(suites, "REPOSITORY", tmp_path)
    (tmp_path / "Makefile").write_text("units:\n\t@true\ntest-prepare:\n\t@true\nbad:\n\t@seq 100; exit 1\n")
    assert suites.main(["units", "bad"]) == 1
    said = capsys.readouterr().err
    assert "\n99\n100\n" in said
    assert "\n7\n" not in said
    assert "FAILED  bad" in said


def test_what_the_suites_need_is_fetched_while_the_units_compile(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(suites, "LOGS", tmp_path)
    monkeypatch.setattr(suites, "REPOSITORY", tmp_path)
    waiting = "\t@until [ -e fetching ]; do sleep 0.05; done\n"
    (tmp_path / "Makefile").write_text(
        f"units:\n{waiting}\ntest-prepare:\n\t@touch fetching; echo no network; exit 1\nnever:\n\t@touch ran\n")
    assert suites.main(["units", "never"]) == 1
    assert "no network" in capsys.readouterr().err
    assert not (tmp_path / "ran").exists(), "without what it needs, a suite tells nothing"


@pytest.fixture
def make(monkeypatch, tmp_path):
    """Writes the Makefile whose targets are the suites."""
    monkeypatch.setattr(suites, "LOGS", tmp_path)
    monkeypatch.setattr(suites, "REPOSITORY", tmp_path)
    return (tmp_path / "Makefile").write_text


def test_the_longest_suite_begins_while_the_units_compile(make):
    make("test-prepare:\n\t@touch prepared\nlongest:\n\t@test -e prepared; touch begun\n"
         "units:\n\t@until [ -e begun ]; do sleep 0.05; done\nother:\n\t@true\n")
    assert suites.main(["units", "longest", "other"]) == 0


def test_units_that_fail_end_the_suite_beside_them(make, tmp_path):
    make("test-prepare:\n\t@true\nlongest:\n\t@touch begun; sleep 60\nother:\n\t@touch ran\n"
         "units:\n\t@until [ -e begun ]; do sleep 0.05; done; exit 1\n")
    began = time.monotonic()
    assert suites.main(["units", "longest", "other"]) == 1
    assert time.monotonic() - began < 30 and not (tmp_path / "ran").exists()
