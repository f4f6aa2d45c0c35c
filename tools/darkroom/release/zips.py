"""`make zips`: the functions of one architecture as they are uploaded to Lambda, and their digests."""

import argparse
import json
from pathlib import Path

from darkroom import console
from darkroom.deploy import build
from darkroom.paths import Stack


def write(architecture: str, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    digests = {}
    # Without HEIC: who gets these has not decided about it (docs/adr/0017-heic.md).
    binaries = build.for_aws(architecture, Stack.from_environment(), reads_heic=False)
    for name, archive in build.zip_all(binaries).items():
        file = out / f"{name}-{architecture}.zip"
        file.write_bytes(archive)
        digests[file.name] = build.code_sha256(archive)
    (out / f"functions-{architecture}.json").write_text(json.dumps(digests, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", choices=sorted(build.ELF_MACHINE), required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    write(arguments.architecture, arguments.out)


if __name__ == "__main__":
    console.run(main)
