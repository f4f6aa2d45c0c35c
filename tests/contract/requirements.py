"""docs/REQUIREMENTS.md, and the tests that carry a requirement in their names (`r08_…`)."""

import re
from collections import Counter
from textwrap import fill

from citations import ROOT

FILE = ROOT / "docs/REQUIREMENTS.md"
HEADING = re.compile(r"### (R\d\d[a-z]?)$")
TEST = re.compile(r'^\s*(?:async )?(?:fn |def |run ")(?:test_)?((?:r\d\d[a-z]?_)+)', re.MULTILINE)
# In JavaScript a name is a sentence: `test('r61 a reload loses nothing', …`.
SENTENCE = re.compile(r"^\s*test\([`'](r\d\d[a-z]?) ", re.MULTILINE)
# The paragraph that is written here, and those that people write: a check that is not a test, and an honest gap.
TESTS, CHECKED, MISSING, PARTLY = "Tests: ", "Checked by ", "Not built yet", "Not built yet in part"


def read():
    return FILE.read_text("utf-8")


def tests(tree):
    """Requirement → file → how many tests there bear its name."""
    found = {}
    for file, text in sorted(tree.texts.items()):
        if file.endswith((".rs", ".py", ".hcl")):
            for numbers in TEST.findall(text):
                for number in numbers.strip("_").split("_"):
                    found.setdefault(number.replace("r", "R"), Counter())[file] += 1
        if file.endswith(".mjs"):
            for number in SENTENCE.findall(text):
                found.setdefault(number.replace("r", "R"), Counter())[file] += 1
    return found


def sections(page):
    """Requirement → its paragraphs."""
    found, name = {}, None
    for paragraph in page.split("\n\n"):
        if paragraph.lstrip().startswith("#"):
            heading = HEADING.match(paragraph.strip())
            name = heading and heading[1]
            if name:
                assert name not in found, f"{name} is defined twice"
                found[name] = []
        elif name:
            found[name].append(paragraph.strip())
    return found


def render(page, found):
    """The page, with the tests as they are now at the end of each requirement."""
    paragraphs, name = [], None
    for paragraph in [*page.strip().split("\n\n"), "# end"]:
        if paragraph.startswith("#"):
            if name in found:
                paragraphs.append(_named(found[name]))
            heading = HEADING.match(paragraph)
            name = heading and heading[1]
        if not paragraph.startswith(TESTS):
            paragraphs.append(paragraph)
    return "\n\n".join(paragraphs[:-1]) + "\n"


def _named(files):
    """Each file, with the number of its tests if there are several."""
    each = (f"`{file}`" + (f"\u00a0({times})" if times > 1 else "") for file, times in files.items())
    text = fill(TESTS + ", ".join(each) + ".", 120, break_long_words=False, break_on_hyphens=False)
    return text.replace("\u00a0", " ")
