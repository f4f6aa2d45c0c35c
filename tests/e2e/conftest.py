"""The whole of Darkroom, through its public interfaces: the REST API, presigned URLs, and the AWS SDK as an operator
uses it. Nothing here reads the product's code or reaches into a process. From the root of the repository:

    make test-e2e                                             a stack of its own, on a free port, gone afterwards
    DARKROOM_STACK=.local/stack.json .local/venv/bin/python -m pytest tests/e2e -k story     against `make up`

A run puts users, images and dead letters into its stack, swaps a worker's code for a while, and at its end stops and
starts the stack once.

    test_story.py      one photo, from sign-up to its variants and its execution
    test_variants.py   the variants, as pictures
    test_ticket.py     the sealed upload, and every way to tamper with it
    test_twice.py      tickets asked for twice, renewed, by the dozen, and beyond the day's quota
    test_form.py       the sealed form, every way to tamper with it, and a stock Uppy that sends it
    test_refused.py    uploads that are not pictures
    test_imports.py    objects under strange keys, and under keys that belong to no user
    test_import_bucket.py   photos of another bucket, brought in for a user
    test_delivery.py   events that come twice, messages that are not events
    test_faults.py     workers that fail
    test_auth.py       which callers are let in, and which are refused
    test_door.py       Cognito's own API, for callers who know our client but not its secret
    test_requests.py   requests that are not as the API describes them
    test_hostile.py    requests that are made to break something
    test_foreign.py    what belongs to others or has ended, in every place of a request where it can be named
    test_announcements.py   the events on the bus
    test_webhooks.py   the calls of webhooks
    test_meta.py       the API's own description and health
    test_cli.py        the program `darkroom`, as its users run it
    test_operate.py    `darkroom operate`, as operators use it
    test_quarantine.py rejected photos, and a further try of them
    test_rerender.py   a library that is moved to another recipe
    test_runbook.py    sections of docs/OPERATIONS.md, typed as printed
    test_process.py    `darkroom process`: every format of a recipe shows the same picture
    test_gallery.py    lists, public photos, the original, similar photos, the timeline
    test_some.py       photos by the dozen: by ids, by months, changed and deleted together
    test_public.py     the list of public photos, and records of an earlier release
    test_albums.py     albums, and links for people without an account
    test_deletion.py   a deleted photo is gone, and nothing brings it back
    test_sweep.py      what an interruption left undone is finished
    test_drift.py      what storage and table do not have in common
    test_account.py    an account that is erased is gone; changing a password
    test_hundred.py    a hundred photos at once, and the requests of each
    test_price.py      the CPU time of a photo's pixels
    test_second_plan.py Terraform, asked again
    test_deploy_web.py the web app in its bucket, release by release
    test_readme.py     the commands of the README, as printed
    test_next_steps.py the commands that `make up` prints at its end, as printed
    test_status.py     the output of `make status` and others, also when its reader leaves early
    test_routes.py     the requests that every route must refuse, by the list in the contract
    test_smoke.py      `make smoke`, here and where a worker fails
    test_provider_calls.py  each request of Terraform's provider is one that tests/terraform holds against a policy
    test_rerender.py, test_hundred.py, test_import_bucket.py   (sixth to last: they fill the library)
    test_stale_sign_in.py   an old sign-in ends no account        (fifth to last)
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

from faults import failing
from tests.support import photos, running_stack
from tests.support.client import Api, Secrets
from tests.support.operations import Operator
from tests.support.program import Darkroom

# Behind the others come those that fill a library, since every walk along the whole of it would have to pass that too:
# test_rerender.py walks, so it is the first of them.
LAST = ["test_rerender.py", "test_hundred.py", "test_import_bucket.py",
        "test_stale_sign_in.py", "test_covered.py", "test_aws_calls.py", "test_logs.py", "test_restart.py"]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LAST.index(item.path.name) if item.path.name in LAST else -1)


@pytest.fixture(scope="session")
def stack(request):
    with running_stack.given_or_own(lambda: request.session.testsfailed == 0) as stack:
        yield stack


@pytest.fixture(scope="session")
def secrets():
    """All secrets of the run, which no log may hold."""
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
def olga(api, operator):
    """A user who is an operator, as `make operator` makes one."""
    person = api.newcomer("olga")
    operator.promote(person)
    person.sign_in()
    return person


@pytest.fixture(scope="session")
def program():
    """The program that DARKROOM_CLI names; or one built with the features of the unit tests, which is compiled
    already."""
    if given := os.environ.get("DARKROOM_CLI"):
        return pathlib.Path(given).resolve()
    here = {"cwd": running_stack.REPOSITORY, "check": True}
    subprocess.run(["cargo", "build", "--locked", "--workspace", "--bin", "darkroom"], **here)
    asked = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--offline", "--format-version=1"], capture_output=True, **here
    )
    return pathlib.Path(json.loads(asked.stdout)["target_directory"], "debug", "darkroom")


@pytest.fixture(scope="module")
def operate(program, api, olga, tmp_path_factory):
    """The program, with an operator's session."""
    darkroom = Darkroom(program, api, tmp_path_factory.mktemp("operator"))
    darkroom.run("login", olga.email, stdin=f"{olga.password}\n")
    return darkroom


@pytest.fixture(scope="module")
def failed(ada, operator):
    """A photo whose execution failed."""
    with failing(operator, "resize", "Worker.Misconfigured"):
        image_id = ada.upload(photos.fixture("gray.jpg"))
        assert ada.wait(image_id)["status"] == "failed"
        assert operator.execution(image_id).status == "FAILED"
    return image_id


@pytest.fixture(autouse=True, scope="module")
def no_dead_letters(operator):
    """After the tests of every file, whatever they did: a test that makes a dead letter takes it away."""
    yield
    assert operator.dead_letters() == 0
