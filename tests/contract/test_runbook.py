"""R50: every alarm links to a section of the runbook, and every section about an alarm has its alarm."""

import re
from pathlib import Path

import pytest

from tests.support import runbook

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "docs/OPERATIONS.md").read_text(encoding="utf-8")
ALARMS = (ROOT / "terraform/modules/observability/main.tf").read_text(encoding="utf-8")
CHAPTER = "When an alarm rings"
SHAPE = ["Symptom", "Query", "Cause", "Action", "Proof"]


def alarms():
    """The sections that Terraform links to. The module's own tests assert, on the planned alarms, that these are all
    alarms, and that each alarm's text ends in such a link."""
    named = re.findall(r"^ {6}([a-z-]+) = \{$", ALARMS, re.MULTILINE)
    for_each_function = re.findall(r'"(function-[a-z]+)-\$\{name\}" => \{', ALARMS)
    return set(named) | set(for_each_function)


def headings(text):
    """(level, anchor, body) of each heading, with anchors as GitHub makes them."""
    without_code = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"^(#+) (.+)$", without_code, flags=re.MULTILINE)[1:]
    return [(len(level), anchor(title), body) for level, title, body in zip(*[iter(parts)] * 3, strict=True)]


def anchor(title):
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def chapter():
    found = headings(RUNBOOK)
    start = next(i for i, (_, name, _) in enumerate(found) if name == anchor(CHAPTER))
    level = found[start][0]
    end = next((i for i, (depth, _, _) in enumerate(found) if i > start and depth <= level), len(found))
    return {name: body for depth, name, body in found[start + 1 : end] if depth == level + 1}


def test_r50_each_alarm_has_its_section_and_each_section_its_alarm():
    assert len(alarms()) >= 9, "the alarms were not found in terraform/modules/observability"
    assert set(chapter()) == alarms()


@pytest.mark.parametrize("section", sorted(alarms()))
def test_r50_a_section_goes_from_the_symptom_to_the_proof(section):
    parts = re.findall(r"^\*\*(\w+)\.\*\* ((?:.+\n?)+)", chapter()[section], re.MULTILINE)
    assert [label for label, _ in parts] == SHAPE
    for label, text in parts:
        assert len(text.split()) >= 5, f"{label} says nothing"


@pytest.mark.parametrize("section", sorted(alarms()))
@pytest.mark.parametrize("label", ["Query", "Proof"])
def test_r50_an_operator_can_type_the_query_and_see_the_proof(section, label):
    """A command, a filter of the logs, or a field of an answer."""
    text = chapter()[section].partition(f"**{label}.**")[2].partition("\n\n**")[0]
    typed = re.findall(r"`([^`]+)`", text)
    assert any(re.match(r"(darkroom operate|make|filter) ", each) for each in typed), typed


def test_r50_each_section_is_walked_or_named_with_its_reason():
    """By tests/e2e/test_runbook.py, whose every walk says the title of its section."""
    tests = (ROOT / "tests/e2e/test_runbook.py").read_text(encoding="utf-8")
    walks = re.findall(r'^    title = "(.+)"$', tests, re.MULTILINE)
    assert len(set(walks)) == len(walks)
    walked, in_part = set(map(anchor, walks)), set(map(anchor, runbook.IN_PART))
    assert not walked & in_part
    assert (walked | in_part) >= alarms() >= in_part
    assert all(len(why.split()) >= 3 for why in (*runbook.IN_PART.values(), *runbook.ELSEWHERE.values()))


def test_a_command_of_the_runbook_exists():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z][a-z-]*)", RUNBOOK))
    assert len(named) > 6 and named <= targets


@pytest.mark.parametrize(
    "page", [path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
)
def test_links_into_the_runbook_are_valid(page):
    anchors = {name for _, name, _ in headings(RUNBOOK)}
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"OPERATIONS\.md#([\w-]+)\)", text)
    if page == "docs/OPERATIONS.md":
        links += re.findall(r"\]\(#([\w-]+)\)", text)
    assert set(links) <= anchors
