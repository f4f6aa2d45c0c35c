"""A newcomer's first hour: `make up` from any state, and its time. `make test-newcomer` runs everything, on a clone in
an empty folder; `make test` runs the tests that need no compiling, on this checkout with a stack of its own. """

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.newcomer import person as persons

WHOLE = os.environ.get("NEWCOMER") == "whole"
OFFLINE = ("unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"]), sys.executable,
           str(Path(__file__).with_name("offline.py")))


class Times:
    """The time of each step, for the log and for docs/LAPTOP.md."""

    def __init__(self):
        self.rows: list[tuple[str, float]] = []

    def add(self, what: str, seconds: float) -> float:
        self.rows.append((what, seconds))
        return seconds


@pytest.fixture(scope="session")
def times(request):
    kept = Times()
    yield kept
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + "\n".join(f"{what:46} {seconds:7.1f} s" for what, seconds in kept.rows))


@pytest.fixture(scope="session")
def chance():
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    print(f"SEED={seed}")
    return random.Random(seed)


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newcomer")
    person = persons.of_a_clone(folder) if WHOLE else persons.of_this_checkout(folder)
    yield person
    person.clean()
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """Leaves tests that compile, or take an hour, to `make test-newcomer`, and reports them as deselected, not as
    passed."""
    if WHOLE:
        return
    left_out = [item for item in items if item.get_closest_marker("whole")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
