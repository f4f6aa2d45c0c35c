"""checkov over prod, the strictest root, and over the bootstrap. A finding is fixed, or skipped in its place, with the
reason behind the check's number."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import rendered

CHECKOV = Path(f"{sys.prefix}-checkov/bin/checkov")
MODULE = re.compile(r"\bmodule\.(\w+)")
ROOTS = ("terraform/environments/prod", "terraform/bootstrap")
SKIP = re.compile(r"^\s*#\s*checkov:skip=(\w+):?(.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def results():
    """Passed, failed and skipped checks. (--skip-download: it needs nothing from the network.)"""
    with ThreadPoolExecutor(max_workers=len(ROOTS)) as pool:
        reports = list(pool.map(report, ROOTS))
    assert [report["summary"]["parsing_errors"] for report in reports] == [0] * len(ROOTS)
    return {kind: [each for report in reports for each in report["results"][f"{kind}_checks"]]
            for kind in ("passed", "failed", "skipped")}


def report(root):
    options = ["--framework", "terraform", "--skip-download", "--compact", "--output", "json"]
    asked = subprocess.run([CHECKOV, "--directory", root, *options], cwd=rendered.ROOT, capture_output=True, text=True)
    assert asked.stdout.startswith("{"), asked.stdout + asked.stderr
    return json.loads(asked.stdout)


def test_checkov_finds_nothing_that_is_not_argued(results):
    assert [f"{each['check_id']} {each['resource']}: {each['check_name']}" for each in results["failed"]] == []


def test_checkov_looked_at_what_there_is(results):
    """checkov silently skips files that it cannot read."""
    looked_at = {name for each in results["passed"] + results["skipped"] for name in MODULE.findall(each["resource"])}
    modules = {path.name for path in (rendered.ROOT / "terraform/modules").iterdir()}
    # It knows no check for the delivery of CloudFront's logs.
    assert modules - looked_at == {"edge_logs"}
    assert len(results["passed"]) > 150


def test_each_skip_has_a_reason_and_is_needed(results):
    files = sorted((rendered.ROOT / "terraform").glob("**/*.tf"))
    written = {(str(path.relative_to(rendered.ROOT / "terraform")), check, why.strip())
               for path in files if ".terraform" not in path.parts
               for check, why in SKIP.findall(path.read_text(encoding="utf-8"))}
    assert written and all(len(why) > 5 for *_, why in written)
    used = {(each["repo_file_path"].removeprefix("/terraform/"), each["check_id"]) for each in results["skipped"]}
    assert {(path, check) for path, check, _ in written} == used
