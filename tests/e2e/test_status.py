"""The commands of an operator on this machine's stack, through pipes whose readers leave early."""

import re
import subprocess

import pytest

from tests.support.running_stack import REPOSITORY


def make(stack, target, reader):
    return subprocess.run(["bash", "-o", "pipefail", "-c", f"make {target} | {reader}"], cwd=REPOSITORY,
                          env=stack.environment, capture_output=True, text=True)


@pytest.mark.parametrize("target", ["status", "deploy-status", "logs"])
@pytest.mark.parametrize("reader", [":", "head -1"])
def test_a_reader_may_leave(stack, target, reader):
    asked = make(stack, target, reader)
    assert asked.returncode == 0 and "Traceback" not in asked.stderr and "Error" not in asked.stderr, asked.stderr
    assert len(asked.stdout.splitlines()) == (reader == "head -1")


def test_status_tells_what_waits_from_what_is_under_way(stack):
    told = make(stack, "status", "cat").stdout
    assert re.search(r"^queue +\d+ waiting, \d+ under way or to be tried again, 0 in the dead-letter queue$", told,
                     re.MULTILINE), told
    assert told.index("functions\n") < told.index("darkroom-local-albums "), "in order, through a pipe too"
