"""`make sbom`: every locked dependency of the functions, the command line and the tools, as CycloneDX 1.6.

One document for three ecosystems, from the lock files alone: what is listed is what is built.
"""

import argparse
import base64
import json
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

from darkroom import console
from darkroom.paths import REPOSITORY

# A package of a registry, as cargo writes it into Cargo.lock; those of this workspace have no checksum.
CRATE = re.compile(r'^name = "(?P<name>[^"]+)"\nversion = "(?P<version>[^"]+)"\nsource = "[^"]+"\n'
                   r'checksum = "(?P<sha256>[0-9a-f]{64})"$', re.MULTILINE)
VERSION = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)  # of the workspace
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)", re.MULTILINE)


def component(ecosystem: str, name: str, version: str, **more) -> dict:
    purl = f"pkg:{ecosystem}/{quote(name, safe='/')}@{quote(version)}"
    return {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl, **more}


def crates(lock: str) -> list[dict]:
    return [component("cargo", found["name"], found["version"], hashes=[{"alg": "SHA-256", "content": found["sha256"]}])
            for found in CRATE.finditer(lock)]


def node_modules(lock: str) -> list[dict]:
    found = []
    for path, package in json.loads(lock)["packages"].items():
        if not path:
            continue
        algorithm, digest = package["integrity"].split("-", 1)
        name = path.rsplit("node_modules/", 1)[1]
        hashes = [{"alg": f"SHA-{algorithm[3:]}", "content": base64.b64decode(digest).hex()}]
        found.append(component("npm", name, package["version"], hashes=hashes))
    return found


def python_packages(requirements: str) -> list[dict]:
    return [component("pypi", found["name"].lower(), found["version"]) for found in PINNED.finditer(requirements)]


def document(repository: Path, at: datetime) -> dict:
    """Components sorted and each once, so that two documents differ only where dependencies do."""
    components = crates((repository / "Cargo.lock").read_text())
    for lock in sorted(tracked(repository, "*package-lock.json")):
        components += node_modules(lock.read_text())
    for requirements in sorted(tracked(repository, "*requirements*.txt") + tracked(repository, "*constraints.txt")):
        components += python_packages(requirements.read_text())
    unique = {entry["purl"]: entry for entry in components}
    version = VERSION.search((repository / "Cargo.toml").read_text())[1]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "name": "darkroom", "version": version,
                          "licenses": [{"license": {"id": "Apache-2.0"}}]},
        },
        "components": [unique[purl] for purl in sorted(unique)],
    }


def tracked(repository: Path, pattern: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", pattern], cwd=repository, check=True, capture_output=True)
    return [repository / name for name in listed.stdout.decode().split("\0") if name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    bom = document(REPOSITORY, datetime.now(timezone.utc))
    (out / "darkroom.cdx.json").write_text(json.dumps(bom, indent=2) + "\n")
    console.say(f"{len(bom['components'])} components in {out / 'darkroom.cdx.json'}")


if __name__ == "__main__":
    console.run(main)
