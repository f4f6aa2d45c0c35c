#!/usr/bin/env python3
"""Packs `bootstrap` into placeholder.zip, byte for byte the same on every machine.

    pack.py            writes placeholder.zip
    pack.py --check    fails when placeholder.zip is not what `bootstrap` packs to
"""

import io
import pathlib
import sys
import zipfile

FOLDER = pathlib.Path(__file__).resolve().parent


def packed() -> bytes:
    entry = zipfile.ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # Unix, so that the mode below is read wherever the zip was made
    entry.external_attr = 0o100755 << 16
    # Stored, not deflated: what a deflater writes depends on the version of its library.
    entry.compress_type = zipfile.ZIP_STORED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, (FOLDER / "bootstrap").read_bytes())
    return out.getvalue()


def main() -> int:
    target = FOLDER / "placeholder.zip"
    if sys.argv[1:] == ["--check"]:
        if target.read_bytes() != packed():
            print(f"{target.name} is not what bootstrap packs to; run {pathlib.Path(__file__).name}", file=sys.stderr)
            return 1
        return 0
    target.write_bytes(packed())
    return 0


if __name__ == "__main__":
    sys.exit(main())
