"""docs/SECURITY.md names a test for each property; each of them must exist, and was seen red."""

import re
from pathlib import Path

import pytest

from tests.terraform.mutations import MUTATIONS

ROOT = Path(__file__).resolve().parents[2]

ROWS = re.findall(r"^\| (.+?) \| .+? \| `([^`]+)::(\w+)` \|$", (ROOT / "docs/SECURITY.md").read_text("utf-8"), re.M)


def test_the_table_was_found():
    assert len(ROWS) >= 50
    named = {int(number) for *_, name in ROWS for number in re.findall(r"(?:^|_)r(\d\d)_", name)}
    assert named >= {10, 11, *range(41, 47)}


@pytest.mark.parametrize(("file", "name"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_property_has_its_test(file, name):
    kind = r'^run "{}" \{{' if file.endswith(".tftest.hcl") else r"^def {}\("
    assert re.search(kind.format(name), (ROOT / file).read_text("utf-8"), re.MULTILINE)


def test_each_property_is_broken_by_a_mutation():
    """`make test-mutations` then sees its test turn red."""
    assert {mutation.test for mutation in MUTATIONS} == {f"{file}::{name}" for _, file, name in ROWS}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.test.rpartition("::")[2] for mutation in MUTATIONS])
def test_what_is_to_be_broken_is_still_written_like_that(mutation):
    assert mutation.old in (ROOT / mutation.file).read_text("utf-8") and mutation.old != mutation.new
