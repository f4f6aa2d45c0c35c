"""`make changelog VERSION=1.2.3`: prints the section of CHANGELOG.md for one version."""

import re
import sys

from darkroom import console
from darkroom.console import Failure
from darkroom.paths import REPOSITORY

SECTION = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!## ).*\n?)*)", re.MULTILINE)


def section(text: str, version: str) -> str:
    for found in SECTION.finditer(text):
        if found["title"].strip("[]").split()[0].strip("[]") == version:
            return found["body"].strip()
    raise Failure(f"CHANGELOG.md has no section {version}", hint="rename its section Unreleased before you tag")


def main() -> None:
    print(section((REPOSITORY / "CHANGELOG.md").read_text(), sys.argv[1]))


if __name__ == "__main__":
    console.run(main)
