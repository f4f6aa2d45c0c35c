"""Documents that show what a command prints: the parts between `<!-- printed by: make … -->` and `<!-- end -->`."""

import os
import re

PART = re.compile(r"(<!-- printed by: (make [^>]+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def commands(document):
    return [found[2] for found in PART.finditer(document.read_text(encoding="utf-8"))]


def shows_what_they_print(document, printed):
    """`printed` gives the output of a command. With DARKROOM_WRITE=1 the document gets it: look at the difference."""
    text = document.read_text(encoding="utf-8")
    wanted = PART.sub(lambda found: f"{found[1]}\n{printed(found[2])}\n{found[4]}", text)
    if os.environ.get("DARKROOM_WRITE"):
        document.write_text(wanted, encoding="utf-8")
    there = document.read_text(encoding="utf-8")
    assert wanted.splitlines() == there.splitlines(), "DARKROOM_WRITE=1 make test-tools"
