"""The tests of statemachine/process-image.asl.json. From the root of the repository:

    make test-statemachine

or, with what that installed, `.local/venv/bin/python -m pytest tests/statemachine`, and `-k moto` or
`-k ministack` for one interpreter. Nothing needs to run before, and nothing runs on after: the two servers take free
ports and are stopped at the end.

    test_machine_definition.py   the shape of the file: path, comments, timeouts, retries, ends
    test_machine_lint.py         statelint (Python) and asl-validator (npm) on the rendered file
    test_machine_behaviour.py    executions, each on two interpreters, with stub workers and a real table
"""

import pytest

import machine_harness as harness


@pytest.fixture(scope="session")
def ministack_url(tmp_path_factory):
    with harness.ministack(tmp_path_factory.mktemp("ministack")) as url:
        yield url


@pytest.fixture(scope="session")
def moto_url(tmp_path_factory, ministack_url):
    with harness.moto(tmp_path_factory.mktemp("moto"), ministack_url) as url:
        yield url


@pytest.fixture(scope="session")
def world(tmp_path_factory, ministack_url):
    return harness.World(ministack_url, tmp_path_factory.mktemp("scripts"))


@pytest.fixture(scope="session", params=["moto", "ministack"])
def engine(request):
    """Both opinions count: moto is as strict with paths as AWS, and the local stack runs on the other."""
    return harness.Engine(request.param, request.getfixturevalue(f"{request.param}_url"))
