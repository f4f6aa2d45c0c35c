"""docs/REQUIREMENTS.md defines each requirement once, and names its proof, or says that it is not built."""

import os

import pytest
import requirements
from citations import Tree, repository

FOUND = requirements.tests(repository())
SECTIONS = requirements.sections(requirements.read())


def test_the_tests_that_it_names_are_those_that_there_are():
    """A requirement whose last test is gone loses its line here, and then fails below."""
    wanted = requirements.render(requirements.read(), FOUND)
    if os.environ.get("DARKROOM_WRITE"):
        requirements.FILE.write_text(wanted, encoding="utf-8")
    there = requirements.read()
    assert wanted.splitlines() == there.splitlines(), "DARKROOM_WRITE=1 make test-contract, and look at the difference"


def test_the_requirements_were_found():
    assert len(SECTIONS) >= 62 and list(SECTIONS) == sorted(SECTIONS)


@pytest.mark.parametrize("name", SECTIONS)
def test_each_says_what_proves_it(name):
    sentence, *proofs = SECTIONS[name]
    assert not sentence.startswith((requirements.TESTS, requirements.CHECKED, requirements.MISSING))
    is_missing = any(
        proof.startswith(requirements.MISSING) and not proof.startswith(requirements.PARTLY) for proof in proofs
    )
    is_proven = any(proof.startswith((requirements.TESTS, requirements.CHECKED)) for proof in proofs)
    assert is_missing != is_proven, "proven, or not built yet: one of the two"


def test_a_test_counts_for_each_requirement_in_its_name():
    rust = "async fn r05_r06_alone() {\n fn r06_again() {"
    tree = Tree({"a.rs": rust, "b.hcl": 'run "r19b_x" {', "c.md": "fn r07_no"})
    assert requirements.tests(tree) == {"R05": {"a.rs": 1}, "R06": {"a.rs": 2}, "R19b": {"b.hcl": 1}}


def test_lines_are_written_anew_and_the_rest_stays():
    page = "# R\n\n### R01\n\nOne.\n\nTests: `old.rs`.\n\n## More\n\nText.\n\n### R02\n\nTwo.\n\nNot built yet.\n"
    new = requirements.render(page, {"R01": {"a.rs": 2, "b.py": 1}})
    assert new == page.replace("`old.rs`", "`a.rs` (2), `b.py`")
