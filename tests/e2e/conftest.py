"""The whole of Darkroom, through its public interfaces: the REST API, presigned URLs, and what an operator would look
at with the AWS SDK. Nothing here reads the product's code or reaches into a process. From the root of the repository:

    make test-e2e                                             a stack of its own, on a free port, gone afterwards
    DARKROOM_STACK=.local/stack.json .local/venv/bin/python -m pytest tests/e2e -k story     against `make up`

Mind that a run puts users, images and dead letters into its stack, swaps a worker's code for a while, and at its very
end stops and starts the stack once.

    test_story.py      one photo, from sign-up to its variants and its execution
    test_variants.py   what the variants are, as pictures
    test_ticket.py     the sealed upload, and every way to tamper with it
    test_twice.py      tickets asked for twice, renewed, by the dozen, and beyond the day's quota
    test_form.py       the sealed form, every way to tamper with it, and a stock Uppy that sends it
    test_refused.py    uploads that are no pictures
    test_imports.py    objects under strange keys, and under keys of nobody
    test_delivery.py   events that come twice, events that are none
    test_faults.py     workers that fail
    test_auth.py       who may, and who may not
    test_requests.py   requests that are not as the API describes them
    test_announcements.py   what the event bus tells
    test_webhooks.py   who wants to be called, is
    test_meta.py       what the API says about itself
    test_cli.py        the program `darkroom`, as its users run it
    test_process.py    `darkroom process`: every format of a recipe shows the same picture
    test_gallery.py    lists, what is public, the original, what looks alike, the timeline
    test_albums.py     albums, and links for people without an account
    test_deletion.py   what is deleted is gone, and nothing brings it back
    test_hundred.py    a hundred photos at once
    test_second_plan.py Terraform, asked again
    test_readme.py     the commands of the README, as printed
    test_next_steps.py the lines that `make up` prints at its end, as printed
    test_status.py     what `make status` and its like say, and to readers who leave
    test_routes.py     what every route must refuse, by the list in the contract
    test_covered.py    each answer that the contract promises was met       (fourth to last)
    test_aws_calls.py  each AWS call that was made is one that tests/terraform holds against the policies
    test_logs.py       nothing secret in any log            (second to last: it reads the logs of all the others)
    test_restart.py    `make down`, `make up`               (last)
"""

import json
import os
import pathlib
import subprocess

import pytest

from tests.support import running_stack
from tests.support.client import Api, Secrets
from tests.support.operations import Operator

LAST = ["test_covered.py", "test_aws_calls.py", "test_logs.py", "test_restart.py"]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LAST.index(item.path.name) if item.path.name in LAST else -1)


@pytest.fixture(scope="session")
def stack(request):
    with running_stack.given_or_own(lambda: request.session.testsfailed == 0) as stack:
        yield stack


@pytest.fixture(scope="session")
def secrets():
    """Everything that no log may hold."""
    return Secrets()


@pytest.fixture(scope="session")
def api(stack, secrets):
    return Api(stack["api_url"], stack["mailbox_url"], secrets)


@pytest.fixture(scope="session")
def operator(stack):
    return Operator(stack)


@pytest.fixture(scope="session")
def ada(api):
    return api.newcomer("ada")


@pytest.fixture(scope="session")
def eve(api):
    return api.newcomer("eve")


@pytest.fixture(scope="session")
def program():
    """What DARKROOM_CLI names; or built with the features that the unit tests united, which is compiled already."""
    if given := os.environ.get("DARKROOM_CLI"):
        return pathlib.Path(given).resolve()
    here = {"cwd": running_stack.REPOSITORY, "check": True}
    subprocess.run(["cargo", "build", "--locked", "--workspace", "--bin", "darkroom"], **here)
    asked = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--offline", "--format-version=1"], capture_output=True, **here
    )
    return pathlib.Path(json.loads(asked.stdout)["target_directory"], "debug", "darkroom")


@pytest.fixture(autouse=True)
def no_dead_letters(operator):
    """After every test, whatever it did: a test that makes a dead letter takes it away."""
    yield
    assert operator.dead_letters() == 0
