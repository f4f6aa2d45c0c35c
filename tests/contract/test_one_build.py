"""Tests and programs are built from the same crates with the same features, so that cargo compiles each crate once."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
# The requests of a gateway, for the tests of handlers.
OURS = "darkroom-runtime"


def features(kinds):
    """Package and version → the sets of features that a build of these kinds of dependencies asks for."""
    command = ["cargo", "tree", "--workspace", "--locked", "--offline", "--edges", kinds, "--prefix", "none",
               "--format", "{p}|{f}"]
    found = {}
    for line in subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines():
        package, _, asked = line.removesuffix(" (*)").partition("|")
        found.setdefault(package.split(" (")[0], set()).add(asked)
    return found


def test_tests_ask_for_no_other_features_than_programs():
    programs, tests = features("normal,build"), features("normal,build,dev")
    differing = {package: (asked, tests[package]) for package, asked in programs.items() if tests[package] != asked}
    assert {package.split(" ")[0] for package in differing} <= {OURS}, differing
