"""The lines at the end of `make up`, each typed as it is printed, by a person who has set nothing."""

import json
import os
import subprocess

import pytest

from tests.support.client import download
from tests.support.running_stack import REPOSITORY


@pytest.fixture(scope="module")
def steps(stack):
    told = subprocess.run(["make", "up"], cwd=REPOSITORY, env=stack.environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return told.stderr.partition("\nNext, ")[2].splitlines()[1:]


@pytest.fixture(scope="module")
def typed(stack, steps):
    """Step → its result, in the order in which they are printed."""
    fresh = {name: value for name, value in os.environ.items() if not name.startswith(("DARKROOM_", "MAKE"))}
    return {step: subprocess.run(["bash", "-c", step], cwd=REPOSITORY, env=fresh, capture_output=True, text=True)
            for step in steps[1:]}


def test_the_first_is_the_web_app(stack, steps):
    address = steps[0].split()[0]
    assert address == stack["web_url"]
    assert '<div id="root">' in download(address).text


def test_each_of_the_other_three_works(typed):
    assert len(typed) == 3
    for step, done in typed.items():
        assert done.returncode == 0 and done.stdout.strip(), f"{step}: {done.stderr}"


def test_the_second_shows_a_photo(stack, steps, typed, secrets):
    newcomer = json.loads((stack.path.parent / "newcomer.json").read_text())
    session = json.loads((stack.path.parent.joinpath("cli", "darkroom", "session.json")).read_text())
    for secret in (newcomer["password"], session["id_token"], session["refresh_token"]):
        secrets.keep(secret)
    shown = typed[steps[1]].stdout.splitlines()
    link = shown[-1]
    secrets.keep_signature(link)
    assert "dandelion.jpg  ready: 2400 × 1350 jpeg" in shown[0]
    assert download(link).headers["content-type"] == "image/jpeg"


def test_the_third_tells_of_it(steps, typed):
    assert "resize" in typed[steps[2]].stdout
