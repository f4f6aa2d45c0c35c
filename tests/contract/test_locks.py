"""Packages outside of the workspace have lock files of their own, which name what the workspace's packages depend on. No
other test builds them, so a new dependency would leave them behind, and `make fuzz` would refuse to start."""

import tomllib

import pytest

from darkroom.paths import REPOSITORY

MANIFESTS = {tomllib.loads(path.read_text()).get("package", {}).get("name"): tomllib.loads(path.read_text())
             for path in REPOSITORY.glob("*/**/Cargo.toml") if "node_modules" not in path.parts}
LOCKS = sorted(path.relative_to(REPOSITORY) for path in REPOSITORY.glob("*/**/Cargo.lock")
               if "node_modules" not in path.parts)


def dependencies(manifest):
    """Names of packages, and whether they are optional."""
    tables = [manifest, *manifest.get("target", {}).values()]
    for table in tables:
        for kind in ("dependencies", "build-dependencies"):
            for name, given in table.get(kind, {}).items():
                given = given if isinstance(given, dict) else {}
                yield given.get("package", name), given.get("optional", False)


def test_there_are_such_packages():
    assert len(LOCKS) > 2


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_names_what_our_packages_depend_on(lock):
    for package in tomllib.loads((REPOSITORY / lock).read_text())["package"]:
        if "source" in package:
            continue
        named = {dependency.split(" ")[0] for dependency in package.get("dependencies", [])}
        known = dict(dependencies(MANIFESTS[package["name"]]))
        needed = {name for name, optional in known.items() if not optional}
        assert needed <= named <= set(known), f"{package['name']}: cargo update --workspace in {lock.parent}"
