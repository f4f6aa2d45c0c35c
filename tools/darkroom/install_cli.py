"""Behind `make cli`: builds the command line, puts it into the bin folder of a prefix if one is given, and prints where
it is."""
import shutil
import sys
from pathlib import Path

from darkroom import console
from darkroom.deploy import build


def main(prefix: str | None = None) -> None:
    program = build.compile_workspace() / "darkroom"
    if prefix:
        folder = Path(prefix).expanduser() / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        # Beside its name first: a program that runs cannot be written over.
        program = Path(shutil.copy2(program, folder / ".darkroom-new")).replace(folder / "darkroom")
    print(program)


if __name__ == "__main__":
    console.run(main, *sys.argv[1:])
