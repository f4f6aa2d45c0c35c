"""`make profile`: where the CPU time of one more photo goes, by stage and as flame graphs; writes docs/PROFILE.md.

python3 -m benches.profile [--photos 40]   (Linux with perf and addr2line)

The engine is built as it ships, but keeps its symbols and its frame pointers.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from benches import bench, corpus, flame, peers, report
from benches.flame import Frame

WORKS = ["four", "one", "progressive", "webp", "png-in", "webp-in"]
DRAWN = ["four", "progressive", "png-in"]
PAGE = bench.ROOT / "docs/PROFILE.md"
PICTURES = bench.ROOT / "docs/pictures"
FOLDER = bench.TARGET / "profile"
PER_SECOND = 1999

# By the source, and where a file has two stages the name, of the innermost call that is in one of them.
STAGES = {
    "JPEG in, inverse transform": r"scaledown-jpeg/src/((idct|scale|wide|accelerate)\.rs|progressive\.rs .*render)",
    "JPEG in, Huffman codes": r"scaledown-jpeg/src/(huffman|bits|block|scan|sequential|progressive)\.rs",
    "JPEG in, the rest": r"scaledown-jpeg/",
    "PNG in": r"/(png|fdeflate|flate2|miniz_oxide|simd-adler32|crc32fast)-\d|imaging/decode/png",
    "WebP in": r"planar-vp8/|/image-webp-\d|imaging/decode/webp",
    "resize and sharpen": r"imaging/(resize|sharpen|decode/planes)",
    "watermark": r"imaging/(watermark|canvas)|/ab_glyph",
    "colour": r"imaging/(color|ycc|icc)|/moxcms-\d",
    "fingerprint": r"imaging/(fingerprint|attention)|/thumbhash-\d",
    "JPEG out, transform": r"planar-jpeg/src/(dct|planes|strip)",
    "JPEG out, Huffman codes": r"planar-jpeg/",
    "WebP out": r"libwebp|sharpyuv|/webp-\d",
}
MEMORY, KERNEL, OTHER = "memory: copy, clear, allocate", "the kernel: pages, files", "other"


def missing() -> list[str]:
    """What keeps this machine from profiling, each with its remedy."""
    packages = {"perf": "linux-perf", "addr2line": "binutils", "readelf": "binutils"}
    return [f"{name}: sudo apt-get install {package}" for name, package in packages.items() if not shutil.which(name)]


def build() -> Path:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CARGO_PROFILE_RELEASE_")}
    environment |= {
        "CARGO_PROFILE_RELEASE_STRIP": "none",
        "CARGO_PROFILE_RELEASE_DEBUG": "line-tables-only",
        "CFLAGS": "-fno-omit-frame-pointer",
        "RUSTFLAGS": "-Cforce-frame-pointers=yes",
    }
    what = ["-p", "darkroom-imaging", "--example", "contender", "--target-dir", str(FOLDER)]
    subprocess.run(["cargo", "build", "--release", "--locked", *what], cwd=bench.ROOT, env=environment, check=True)
    return FOLDER / "release/examples/contender"


Address = tuple[str, str, int]
"""The program or library, the symbol that perf knows, and where in the file."""


def record(command: list[str], photos: int) -> list[list[Address]]:
    """A stack for each sample, the innermost first."""
    data = FOLDER / "perf.data"
    perf = ["perf", "record", "--quiet", "-e", "cpu-clock", "-F", str(PER_SECOND), "-g", "-o", str(data), "--"]
    subprocess.run([*perf, *command], input="\n" * photos, text=True, stdout=subprocess.DEVNULL, check=True)
    script = ["perf", "script", "-i", str(data), "--no-inline", "-F", "ip,sym,dso"]
    said = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    return [[_address(line) for line in block.split("\n") if line] for block in said.split("\n\n") if block.strip()]


def _address(line: str) -> Address:
    where, rest = line.strip().split(" ", 1)
    symbol, _, program = rest.rpartition(" (")
    return program.rstrip(")"), symbol, int(where, 16)


def resolve(stacks: list[list[Address]], program: Path) -> list[list[Frame]]:
    """With a frame for each call that the compiler has inlined; the outermost first."""
    # Behind the innermost, an address is where a call returns to: the call is the instruction before.
    calls = [
        [(where, symbol, address - (number > 0)) for number, (where, symbol, address) in enumerate(stack)]
        for stack in stacks
    ]
    ours = {address for stack in calls for where, _, address in stack if where == str(program)}
    inlined = _lines(program, sorted(ours))

    def frames(call: Address) -> list[Frame]:
        where, symbol, address = call
        return inlined[address] if where == str(program) else [Frame(symbol, where)]

    return [[frame for call in stack for frame in frames(call)][::-1] for stack in calls]


def _lines(program: Path, addresses: list[int]) -> dict[int, list[Frame]]:
    moved = _loaded_from_file(program)
    asked = "\n".join(f"{address + moved:#x}" for address in addresses)
    command = ["addr2line", "-e", str(program), "-a", "-f", "-i", "-C"]
    said = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
    found: dict[int, list[Frame]] = {}
    rest = iter(said)
    for line in rest:
        if re.fullmatch("0x[0-9a-f]{8,}", line):
            frames = found.setdefault(int(line, 16) - moved, [])
        else:
            frames.append(Frame(line, next(rest).rpartition(":")[0]))
    return found


def _loaded_from_file(program: Path) -> int:
    """How much farther the code lies in the program than in its file."""
    said = subprocess.run(["readelf", "-lW", str(program)], capture_output=True, text=True, check=True).stdout
    offset, address = re.search(r"LOAD +(0x\w+) (0x\w+) .* R E ", said).groups()
    return int(address, 16) - int(offset, 16)


def stage(stack: list[Frame]) -> str:
    innermost = stack[-1]
    if "kernel" in innermost.file or innermost.file == "[unknown]":
        return KERNEL
    if "libc.so" in innermost.file:
        return MEMORY
    for frame in reversed(stack):
        for name, sources in STAGES.items():
            if re.search(sources, f"{frame.file} {frame.name}"):
                return name
    return OTHER


def page(shares: dict[str, Counter], photos: int, origin: str) -> str:
    titles = [bench.WORKS[work][0] for work in shares]
    rows = []
    for name in [*STAGES, MEMORY, KERNEL, OTHER]:
        cells = [100 * count[name] / count.total() for count in shares.values()]
        if max(cells) >= 0.5:
            rows.append(f"| {name} | " + " | ".join(f"{cell:.0f}" if cell >= 0.5 else "" for cell in cells) + " |")
    drawn = "\n\n".join(
        f"![{bench.WORKS[work][0]}: the calls, the outermost above](pictures/profile-{work}.svg)" for work in DRAWN
    )
    return f"""# Where the time of a photo goes

Written by `make profile`; change `benches/` and not this page. [BENCHMARKS.md](BENCHMARKS.md) says how much time it is.

Per cent of the CPU time of a process that does {photos} photos, by `perf`, {PER_SECOND} samples a second. A sample
belongs to the stage in whose source its innermost call lies; calls that the compiler has inlined count as calls. The
engine is built as it ships, with frame pointers.

**Photo.** {origin}.
**Machine.** {report.machine()}.

| stage | {" | ".join(titles)} |
|---|{"---|" * len(titles)}
{chr(10).join(rows)}

{drawn}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=40)
    arguments = parser.parse_args()
    if lacking := missing():
        raise SystemExit("No profile can be taken here. Missing:\n" + "\n".join(f"- {one}" for one in lacking))
    bench.CACHE.mkdir(parents=True, exist_ok=True)
    program = build()
    photos, origin = corpus.build(bench.CACHE, peers.install(bench.CACHE))
    recipes = bench.recipes(photos)
    shares = {}
    for key in WORKS:
        title, photo, recipe, _, _ = bench.WORKS[key]
        print(f"{key}: {title}", file=sys.stderr, flush=True)
        out = bench.CACHE / "out/profile"
        out.mkdir(parents=True, exist_ok=True)
        command = [str(program), "process", str(out), str(photos / photo), str(recipes[recipe])]
        stacks = resolve(record(command, arguments.photos), program)
        shares[key] = Counter(map(stage, stacks))
        if key in DRAWN:
            (PICTURES / f"profile-{key}.svg").write_text(flame.picture(stacks, title))
    PAGE.write_text(page(shares, arguments.photos, origin))
    print("docs/PROFILE.md is written", file=sys.stderr)


if __name__ == "__main__":
    main()
