"""docs/SECURITY.md names a test for each property; each of them must exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(r"^\| (.+?) \| .+? \| `([^`]+)::(\w+)` \|$", (ROOT / "docs/SECURITY.md").read_text("utf-8"), re.M)


def test_the_table_was_found():
    assert len(ROWS) >= 20


@pytest.mark.parametrize(("file", "name"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_property_has_its_test(file, name):
    kind = r'^run "{}" \{{' if file.endswith(".tftest.hcl") else r"^def {}\("
    assert re.search(kind.format(name), (ROOT / file).read_text("utf-8"), re.MULTILINE)
