"""Packages outside of the workspace have lock files of their own, which name what the workspace's packages depend on.
No other test builds them, so a new dependency would leave them behind, and `make fuzz` would refuse to start."""

import json
import re
import subprocess
from itertools import chain

import pytest

from darkroom.paths import REPOSITORY

LOCKS = sorted(path.relative_to(REPOSITORY) for path in REPOSITORY.glob("*/**/Cargo.lock")
               if "node_modules" not in path.parts)


def packages(folder):
    """Each package of a workspace, and for each crate that is built into it whether it is optional."""
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)
    for package in metadata["packages"]:
        yield package["name"], {each["name"]: each["optional"] for each in package["dependencies"]
                                if each["kind"] != "dev"}


@pytest.fixture(scope="module")
def ours():
    return dict(chain.from_iterable(packages(folder) for folder in
                                    (REPOSITORY, *(REPOSITORY / lock.parent for lock in LOCKS))))


def locked(lock):
    """The packages without a source, which are ours, and the crates that the lock file names for each."""
    for block in (REPOSITORY / lock).read_text().split("[[package]]\n")[1:]:
        if "\nsource = " not in block:
            named = re.findall(r'^ "([^ "]+)', block, re.MULTILINE)
            yield re.search(r'^name = "(.+)"', block, re.MULTILINE)[1], set(named)


def test_there_are_such_packages():
    assert len(LOCKS) > 2


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_names_what_our_packages_depend_on(ours, lock):
    for package, named in locked(lock):
        needed = {name for name, optional in ours[package].items() if not optional}
        assert needed <= named <= set(ours[package]), f"{package}: cargo update --workspace in {lock.parent}"
