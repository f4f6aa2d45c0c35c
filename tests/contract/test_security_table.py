"""docs/SECURITY.md names a test for each property; each of them must exist, and was seen red."""

import re
from pathlib import Path

import pytest

from tests.terraform.mutations import MUTATIONS

ROOT = Path(__file__).resolve().parents[2]
# Heading → what stands below it.
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", (ROOT / "docs/SECURITY.md").read_text("utf-8"), re.M))

PROPERTIES = SECTIONS["Each property, where it is set, and its test"]
ROWS = re.findall(r"^\| (.+?) \| .+? \| `([^`]+)::(\w+)` \|$", PROPERTIES, re.M)
# Risk, applies, what prevents it, tests.
LISTS = re.findall(r"^\| (?!risk|advice).+\|$", SECTIONS["OWASP's lists"], re.M)
RISKS = [row.strip("| ").split(" | ") for row in LISTS]


def test_the_table_was_found():
    assert len(ROWS) >= 50
    named = {int(number) for *_, name in ROWS for number in re.findall(r"(?:^|_)r(\d\d)_", name)}
    assert named >= {10, 11, *range(41, 47)}


@pytest.mark.parametrize(("file", "name"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_property_has_its_test(file, name):
    assert is_there(file, name)


def is_there(file, name):
    """A test of that name: in Rust with the attribute of one, so that a helper does not count."""
    kind = {".hcl": r'^run "{}" \{{', ".py": r"^def {}\(", ".rs": r"#\[(?:tokio::)?test\]\n\s*(?:async )?fn {}\("}
    return re.search(kind[Path(file).suffix].format(name), (ROOT / file).read_text("utf-8"), re.MULTILINE)


def test_the_risks_of_owasps_lists_are_all_told():
    numbers = [risk.split()[0] for risk, *_ in RISKS if risk.startswith("API")]
    assert numbers == [f"API{number}" for number in range(1, 11)]
    assert len(RISKS) == 10 + 11, "the cheat sheet's advice"


@pytest.mark.parametrize("row", RISKS, ids=[risk for risk, *_ in RISKS])
def test_each_risk_has_its_tests(row):
    _, applies, _, tests = row
    assert applies in ("yes", "no", "in part")
    named = tests.split(", ")
    for test in named:
        file, name = test.strip("`").split("::")
        assert is_there(file, name), test


def test_each_property_is_broken_by_a_mutation():
    """`make test-mutations` then sees its test turn red."""
    assert {mutation.test for mutation in MUTATIONS} == {f"{file}::{name}" for _, file, name in ROWS}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.test.rpartition("::")[2] for mutation in MUTATIONS])
def test_what_is_to_be_broken_is_still_written_like_that(mutation):
    assert mutation.old in (ROOT / mutation.file).read_text("utf-8") and mutation.old != mutation.new
