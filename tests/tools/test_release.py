"""The files of a tagged release."""

import json
import re
import subprocess
from datetime import datetime, timezone

import pytest

from darkroom.console import Failure
from darkroom.paths import REPOSITORY
from darkroom.release import changelog, sbom, zips


def test_the_changelog_tells_of_one_version():
    text = "# Changelog\n\n## Unreleased\n\n- new\n\n## [1.2.0] - 2026-01-02\n\n### Added\n- this\n\n## 1.1.0\n- old\n"
    assert changelog.section(text, "1.2.0") == "### Added\n- this"
    assert changelog.section(text, "1.1.0") == "- old"
    with pytest.raises(Failure, match=r"no section 1\.3\.0"):
        changelog.section(text, "1.3.0")


@pytest.fixture(scope="module")
def bom():
    return sbom.document(REPOSITORY, datetime(2026, 1, 2, tzinfo=timezone.utc))


def test_r52_the_bill_lists_all_that_is_locked(bom):
    purls = {entry["purl"] for entry in bom["components"]}
    locked = (REPOSITORY / "Cargo.lock").read_text()
    assert sum(purl.startswith("pkg:cargo/") for purl in purls) == locked.count("\nchecksum = ")
    assert any(re.fullmatch(r"pkg:cargo/image@[\d.]+", purl) for purl in purls)
    assert any(purl.startswith("pkg:pypi/ministack@") for purl in purls)
    assert any(purl.startswith("pkg:npm/") for purl in purls)
    assert len(purls) == len(bom["components"])


def test_r52_what_is_locked_is_locked_by_its_hash(bom):
    for entry in bom["components"]:
        if not entry["purl"].startswith("pkg:pypi/"):
            [digest] = entry["hashes"]
            assert re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{128}|[0-9a-f]{40}", digest["content"]), entry


def test_scoped_node_modules_keep_their_scope():
    lock = {"packages": {"": {}, "node_modules/a/node_modules/@uppy/core": {
        "version": "1.0.0", "integrity": "sha512-" + "A" * 86 + "=="}}}
    [entry] = sbom.node_modules(json.dumps(lock))
    assert entry["purl"] == "pkg:npm/%40uppy/core@1.0.0"


def test_the_zips_of_an_architecture_come_with_lambdas_digests(monkeypatch, tmp_path):
    binary = tmp_path / "bootstrap"
    binary.write_bytes(b"\x7fELF")
    monkeypatch.setattr(zips.build, "for_aws", lambda architecture, _, reads_heic: {"upload": binary})
    zips.write("arm64", tmp_path / "dist")
    assert sorted(file.name for file in (tmp_path / "dist").iterdir()) == ["functions-arm64.json", "upload-arm64.zip"]
    [(name, digest)] = json.loads((tmp_path / "dist/functions-arm64.json").read_text()).items()
    assert digest == zips.build.code_sha256((tmp_path / "dist" / name).read_bytes())


def test_workflows_run_what_the_makefile_has():
    phony = set(re.findall(r"^([\w-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    for file in (REPOSITORY / ".github/workflows").glob("*.yml"):
        commands = re.sub(r"^ *#.*", "", file.read_text(), flags=re.MULTILINE)
        for target in re.findall(r"\bmake (?:-s )?([\w-]+)", commands):
            assert target in phony, f"{file.name} runs make {target}"


def test_r52_licences_are_those_that_deny_toml_allows():
    listed = re.search(r"^allow = \[(.*?)^\]", (REPOSITORY / "deny.toml").read_text(), re.MULTILINE | re.DOTALL)[1]
    allowed = set(re.findall(r'"([\w.-]+)"', listed))
    host = re.search(r"^host: (.+)$", said("rustc", "-vV"), re.MULTILINE)[1]
    # Of this machine alone: crates of other systems were never fetched. `cargo deny` looks at all of them.
    asked = said("cargo", "metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host)
    for package in json.loads(asked)["packages"]:
        assert is_allowed(package["license"], allowed), f"{package['name']} is {package['license']}"


@pytest.mark.parametrize(("expression", "is_fine"), [
    ("MIT", True), ("GPL-3.0", False), ("MIT OR GPL-3.0", True), ("GPL-3.0/MIT", True), ("MIT AND GPL-3.0", False),
    ("(MIT OR GPL-3.0) AND ISC", False), ("(MIT OR GPL-3.0) AND MIT", True), ("MIT WITH Some-exception", False),
    (None, False),
])
def test_licence_expressions_are_read_as_spdx_means_them(expression, is_fine):
    assert is_allowed(expression, {"MIT"}) is is_fine


def is_allowed(expression, allowed):
    """SPDX, and the slash of old crates. `X WITH exception` counts as a licence of its own."""
    words = re.findall(r"[()]|[\w.+-]+(?: WITH [\w.+-]+)?", (expression or "none").replace("/", " OR "))
    operators = {"AND": "and", "OR": "or", "(": "(", ")": ")"}
    return eval(" ".join(operators.get(word) or str(word in allowed) for word in words))


def said(*command):
    return subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
