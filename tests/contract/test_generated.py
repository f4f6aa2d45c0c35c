"""The files generated from api/openapi.yaml are up to date: docs/API.md, and the surface that reviewers read."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from darkroom.openapi import reference, surface
from darkroom.openapi.document import Document

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("tool", [reference, surface], ids=["docs/API.md", "api/surface.txt"])
def test_it_is_as_new_as_the_file(tool):
    wanted = tool.render()
    if os.environ.get("DARKROOM_WRITE"):
        tool.FILE.write_text(wanted, encoding="utf-8")
    there = tool.FILE.read_text(encoding="utf-8") if tool.FILE.exists() else ""
    assert wanted.splitlines() == there.splitlines(), "DARKROOM_WRITE=1 make test-contract, and look at the difference"


def test_every_link_of_the_page_leads_somewhere():
    page = reference.render()
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    anchors = Counter(reference.anchor(title) for title in titles)
    assert [name for name, times in anchors.items() if times > 1] == [], "two headings of one name"
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors.keys()
    codes = set(re.findall(r'id="([\w.]+)"', (ROOT / "docs/ERRORS.md").read_text(encoding="utf-8")))
    assert set(re.findall(r"\]\(ERRORS\.md#([^)]+)\)", page)) <= codes


def test_the_page_shows_every_operation():
    page = reference.render()
    for operation in Document().operations():
        assert f"\n`{operation.name}`" in page


def change(document):
    document.spec["paths"]["/upload"]["post"]["responses"]["201"]["headers"].pop("location")


def add_a_field(document):
    document.schemas["Message"]["properties"]["more"] = {"type": "string"}


def need_a_field(document):
    document.schemas["UploadRequest"]["required"].append("sha256")


def narrow_a_field(document):
    document.schemas["UploadRequest"]["properties"]["size_bytes"]["maximum"] = 1


def drop_a_code(document):
    document.schemas["ProblemCode"]["enum"].pop()


def open_a_route(document):
    document.spec["paths"]["/upload"]["post"]["security"] = []


@pytest.mark.parametrize("edit", [change, add_a_field, need_a_field, narrow_a_field, drop_a_code, open_a_route])
def test_a_change_of_the_api_is_a_line(edit):
    document = Document()
    before = surface.render(document)
    edit(document)
    changed = Counter(surface.render(document).splitlines())
    changed.subtract(before.splitlines())
    assert 1 <= sum(map(abs, changed.values())) <= 2
