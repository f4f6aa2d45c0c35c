"""`make check-instructions`: what a photo costs the engine in instructions, compared with benches/instructions.json.

python -m benches.instructions   (DARKROOM_WRITE=1 writes the table anew)

Instructions, unlike time, are the same on a busy machine, so a few per cent are news. They depend on the compiler and
on the kind of CPU: the table is for x86-64 with AVX2, and valgrind shows the engine no more than that.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from benches import bench, corpus, count
from benches.measure import Work
from benches.peers import Contender

TABLE = Path(__file__).with_suffix(".json")
TOLERANCE = 0.03
CACHE = bench.CACHE / "instructions"
# The works of `make bench` that have a target: the photo is another one.
WORKS = ["four", "one", "progressive", "webp", "png-in"]


def missing() -> list[str]:
    """What keeps this machine from counting, each with its remedy."""
    found = []
    if platform.machine() != "x86_64" or " avx2 " not in Path("/proc/cpuinfo").read_text():
        found.append("an x86-64 CPU with AVX2: the table is for this kind; run the check on another machine")
    if not shutil.which("valgrind"):
        found.append("valgrind: sudo apt-get install valgrind")
    return found


def photos() -> Path:
    """A fixture four times over: 13 megapixels of real detail, since CI has no other large photo. As a PNG, once."""
    from PIL import Image  # of the tests' requirements

    folder = CACHE / "photos"
    if not (folder / "12mp.jpg").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(corpus.FALLBACK) as one:
            four = Image.new("RGB", (one.width * 2, one.height * 2))
            for x in (0, one.width):
                for y in (0, one.height):
                    four.paste(one, (x, y))
        four.save(folder / "progressive.jpg", quality=90, progressive=True)
        # Valgrind is so slow that a large PNG would exceed the clock that every decode is under.
        with Image.open(corpus.FALLBACK) as one:
            one.save(folder / "photo.png")
        shutil.copy(corpus.FALLBACK.with_name("logo.png"), folder / "logo.png")
        four.save(folder / "12mp.jpg", quality=90)
    return folder


def counted() -> dict[str, int]:
    """Millions of instructions of a process that does one photo, by work."""
    bench.build_contender()
    folder = photos()
    recipes = bench.recipes(folder, CACHE)
    ours = Contender("Darkroom", [str(bench.TARGET / "release/examples/contender")], "process", takes_logo=False)
    found = {}
    for key in WORKS:
        _, photo, recipe, _, _ = bench.WORKS[key]
        work = Work(folder / photo, recipes[recipe], folder / "logo.png", CACHE / "out")
        found[key] = round(count.valgrind(work.command(ours, key), "\n") / 1e6)
        print(f"{key}: {found[key]} million", file=sys.stderr, flush=True)
    return found


def differences(now: dict[str, int], then: dict[str, int]) -> list[str]:
    """Of what moved farther than the tolerance. A gain counts too: the table must know it to hold it."""
    found = []
    for key in sorted(now.keys() | then.keys()):
        if key not in now or key not in then:
            found.append(f"{key}: only {'in the table' if key in then else 'counted, not in the table'}")
        elif abs(now[key] / then[key] - 1) > TOLERANCE:
            found.append(f"{key}: {now[key]} million instructions, {now[key] / then[key] - 1:+.1%} of {then[key]}")
    return found


def main() -> None:
    if lacking := missing():
        raise SystemExit("Instructions cannot be counted here. Missing:\n" + "\n".join(f"- {one}" for one in lacking))
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split(" (")[0]
    now = counted()
    if os.environ.get("DARKROOM_WRITE"):
        TABLE.write_text(json.dumps({"compiler": rust, "millions": now}, indent=2) + "\n")
        return
    table = json.loads(TABLE.read_text())
    if found := differences(now, table["millions"]):
        hint = "hint: if this is meant, DARKROOM_WRITE=1 make check-instructions"
        raise SystemExit("\n".join([*found, f"(the table: {table['compiler']}; here: {rust})", hint]))
    print(f"as in {TABLE.name}, to {TOLERANCE:.0%}", file=sys.stderr)


if __name__ == "__main__":
    main()
