"""docs/OPERATIONS.md as commands: what each part of a section has an operator type, in the order of the text."""

import re

from tests.support.running_stack import REPOSITORY

TEXT = (REPOSITORY / "docs/OPERATIONS.md").read_text(encoding="utf-8")
PARTS = ("Symptom", "Query", "Cause", "Action", "Proof")
# A block for a shell, or a command within the text, which may be broken between its words.
TYPED = re.compile(r"^```sh\n(.*?)^```$|`((?:darkroom|make|aws) [^`]+)`", re.MULTILINE | re.DOTALL)


def section(title):
    """The text below a heading, up to the next heading of any depth."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/OPERATIONS.md has no section {title!r}"
    return found[1]


def part(title, label):
    """One part of a section in the shape symptom, query, cause, action, proof."""
    found = re.search(rf"^\*\*{label}\.\*\* (.*?)(?=^\*\*(?:{'|'.join(PARTS)})\.\*\* |\Z)", section(title),
                      re.MULTILINE | re.DOTALL)
    assert found, f"{title!r} has no {label}"
    return found[1]


def commands(text):
    return [(block or " ".join(words.split())).strip() for block, words in TYPED.findall(text)]
