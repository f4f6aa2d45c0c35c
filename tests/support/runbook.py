"""docs/OPERATIONS.md as commands: what each part of a section has an operator type, in the order of the text."""

import re

from tests.support.running_stack import REPOSITORY

TEXT = (REPOSITORY / "docs/OPERATIONS.md").read_text(encoding="utf-8")
PARTS = ("Symptom", "Query", "Cause", "Action", "Proof")
APPLY = "a laptop's stack is not applied by hand"
# The sections of alarms that tests/e2e/test_runbook.py does not walk from symptom to proof, and why. It types what can
# be typed of them.
IN_PART = {
    "Executions throttled": "AWS throttles at a quota of the account, and the engine has none",
    "Announcements undelivered": f"it takes twenty attempts or six hours, and {APPLY}",
    "Webhooks events not delivered": f"the engine's bus gives no event up, and {APPLY}",
    "Webhooks events lost": f"the engine's bus loses no event, and {APPLY}",
    "Sweeper silent": f"it takes two hours, and {APPLY}",
    "Function slow": "a photo that is slow enough would take the cores from all other tests for a minute",
    "Mail refused": "the engine's Cognito sends every mail",
}
# Commands of the alarms' sections that are not typed there, and why.
ELSEWHERE = {
    "make plan": "tests/e2e/test_second_plan.py types it",
    "make apply": APPLY,
    "make doctor": "it asks AWS for a quota: tests/tools/test_doctor.py",
    "make smoke": "tests/e2e/test_smoke.py types it",
    "make smoke WEBHOOK=…": "it needs a receiver that AWS reaches: tests/tools/test_smoke.py",
    "make smoke MAIL=you@example.com": "it needs a mailbox that AWS reaches",
    'aws s3api list-object-versions --bucket "$IMAGES_BUCKET" --prefix variants/IMAGE/':
        "the tests need no AWS CLI: the walk asks the same by the SDK",
}
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


def alarm_sections():
    """The titles of the sections about an alarm."""
    chapter = re.search(r"^## When an alarm rings\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)[1]
    return re.findall(r"^### (.+)$", chapter, re.MULTILINE)


def commands(text):
    return [(block or " ".join(words.split())).strip() for block, words in TYPED.findall(text)]
