"""docs/BENCHMARKS.md: what was measured, in words and tables. `LOSSES` is written by people, the rest by a run."""

import platform
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from benches import count
from benches.measure import WARM, Ratio, Result, ratio
from benches.start import Start

LOSSES = Path(__file__).parent / "losses.md"
TARGETS: dict[str, float | None] = {
    "four": 0.25,
    "four-16": 0.25,
    "one": 0.45,
    "progressive": 0.33,
    "webp": 0.70,
    "avif": None,  # nothing is promised: a row for readers who weigh it
    "png-in": 0.55,
    "webp-in": 0.85,
}


@dataclass
class Table:
    key: str
    title: str
    results: dict[str, Result]
    base: str

    def ratio(self, name: str, base: str = "") -> tuple[Ratio, Ratio]:
        """For one photo, and for each further one."""
        one, other = self.results[name], self.results[base or self.base]
        return ratio(one.cold, other.cold), ratio(one.warm, other.warm)


def plain(tables: list[Table], scored: dict, starts: list[Start]) -> dict:
    works = {
        table.key: {name: [r.cold, r.warm, r.instructions, r.peak_mb, r.bytes()] for name, r in table.results.items()}
        for table in tables
    }
    return {"works": works, "quality": scored, "starts": [asdict(one) for one in starts]}


def page(tables: list[Table], scored: dict, starts: list[Start], origin: str, versions: str, rounds: int) -> str:
    parts = [_method(origin, versions, rounds), _targets(tables, starts)]
    parts += [_table(table) for table in tables]
    parts += [_quality(form, title, scored[form]) for form, title in QUALITY.items()]
    parts += [_starts(starts), LOSSES.read_text()]
    return "\n".join(part.strip() + "\n" for part in parts)


QUALITY = {
    "bare": "Quality and bytes, JPEG (quality 82, no mark)",
    "bare-webp": "Quality and bytes, WebP (quality 80, no mark)",
    "bare-avif": "Quality and bytes, AVIF (quality 65, each on its encoder's own scale, no mark)",
}


def machine() -> str:
    about = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in _read("/proc/cpuinfo"))}
    # Arm's kernel says numbers and no name; lscpu knows them.
    model = about.get("model name") or _lscpu("Model name")
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split(" (")[0]
    level = vectors((about.get("flags") or about.get("Features", "")).split())
    return f"{model}, {platform.system()} {platform.machine()}, {level}; {rust}"


def vectors(flags: list[str]) -> str:
    """The widest vectors of the CPU. Ours chooses at run time and takes what there is; JPEG in ends at AVX2."""
    return "vectors: " + next((name for flag, name in LEVELS.items() if flag in flags), "none that we know")


LEVELS = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "sse4_2": "SSE4.2", "sse2": "SSE2", "asimd": "NEON"}


def _lscpu(key: str) -> str:
    said = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout.splitlines()
    return next((line.partition(":")[2].strip() for line in said if line.startswith(f"{key}:")), "unknown")


def _read(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _method(origin: str, versions: str, rounds: int) -> str:
    return f"""# Benchmarks

Written by `make bench`; change `benches/` and not this page.

**Photo.** {origin}, as JPEG of quality 90 in 4:2:0, at 16 and 12 megapixels; the other inputs are made of the latter.
**Machine.** {machine()}.
**Peers.** {versions}.

**Method.** Every contender is a process of its own, pinned to one core (threads off), and does the same work: the
same sizes, quality, sampling (4:2:0) and plain Huffman tables, a logo in the same corner. In each of {rounds} rounds
(of one for AVIF) each begins and does one photo; then they take turns, photo by photo, {WARM} times. *One photo* is the
CPU time (user and system, never the clock) from the start to the end of the first photo. *Each further* is the median
of the turns: it leaves out what an interpreter takes to start, so it flatters us least, and **the targets are held
against it**. A ratio is taken within each round, since a busy neighbour slows all alike; tables hold the median of the
rounds and, in brackets, the lowest and the highest. {INSTRUCTIONS[count.counter()]}
Peak memory is the process's largest resident set. Milliseconds drift with the machine's other work, ratios much less.
"""


INSTRUCTIONS = {
    "perf": "*Instructions*, millions for each further photo, are those in user space, by the CPU's own counter.",
    "valgrind": "*Instructions*, millions for each further photo, are counted by valgrind, because the kernel lends no "
    "counter here; of ours only, since an interpreter would take minutes.",
    "": "Instructions are not counted here: the kernel lends no counter, and valgrind is not installed.",
}


def _targets(tables: list[Table], starts: list[Start]) -> str:
    rows = []
    for table in tables:
        target = TARGETS[table.key]
        rows.append(_target(table.title, f"≤ {target:.2f}" if target else "", target, table.ratio("darkroom")))
    four = tables[0]
    each = four.ratio("darkroom", "sharp-each")
    rows.insert(1, _target("… against sharp once for each size", "≤ 0.16", 0.16, each))
    stages = _target("… by the three workers' stages, hand-over included", "< 1.00", 1.00, four.ratio("workers"))
    rows.insert(2, stages)
    peak = four.results["darkroom"].peak_mb
    lines = rows
    lines.append(f"| Peak memory, four variants | ≤ 48 MB | **{peak:.0f} MB** | | {_verdict(peak <= 48)} |")
    slowest, largest = max(one.wall_ms for one in starts), max(one.resident_mb for one in starts)
    binary = max(one.binary_mb for one in starts)
    lines.append(f"| Cold start, slowest worker | ≤ 6 ms | | **{slowest:.1f} ms** | {_verdict(slowest <= 6)} |")
    lines.append(f"| Resident at the first poll | ≤ 8 MB | | **{largest:.1f} MB** | {_verdict(largest <= 8)} |")
    lines.append(f"| Largest worker's binary | ≤ 10 MB | | **{binary:.1f} MB** | {_verdict(binary <= 10)} |")
    head = "## In one table\n\nCPU of ours, where sharp at its best is 1.00.\n\n"
    return head + "| work | target | each further | one photo | |\n|---|---|---|---|---|\n" + "\n".join(lines)


def _target(what: str, said: str, target: float | None, measured: tuple[Ratio, Ratio]) -> str:
    cold, warm = measured
    met = None if target is None else warm.middle <= target
    return f"| {what} | {said} | **{warm.middle:.2f}** {_spread(warm)} | {cold.middle:.2f} | {_verdict(met)} |"


def _spread(of: Ratio) -> str:
    return f"({of.lowest:.2f}–{of.highest:.2f})"


def _verdict(met: bool | None) -> str:
    return {True: "met", False: "**missed**", None: ""}[met]


def _table(table: Table) -> str:
    lines = [
        f"## {table.title}",
        "",
        "| | each further, ms | ratio | instructions, M | one photo, ms | ratio | peak MB | KB written |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, result in sorted(table.results.items(), key=lambda item: item[1].warm_ms):
        cold, warm = table.ratio(name)
        millions = "–" if result.instructions is None else f"{result.instructions:.0f}"
        numbers = f"{result.warm_ms:.0f} | {warm.middle:.2f} {_spread(warm)} | {millions}"
        numbers += f" | {result.cold_ms:.0f} | {cold.middle:.2f} {_spread(cold)}"
        lines.append(f"| {result.contender.name} | {numbers} | {result.peak_mb:.0f} | {result.bytes() / 1024:.0f} |")
    return "\n".join(lines)


def _quality(form: str, title: str, scored: dict) -> str:
    names = ["thumbnail", "small", "medium", "large"]
    lines = [
        f"## {title}",
        "",
        "SSIMULACRA2 (`benches/score`, the crate `ssimulacra2`) against the photo decoded in full and shrunk in one",
        "step with Lanczos3, higher is better; and kilobytes.",
        "",
        "| | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
    ]
    for title_, scores, sizes in scored.values():
        cells = [f"{scores[name]:.1f} / {sizes[name] / 1024:.1f}" for name in names]
        lines.append(f"| {title_} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _starts(starts: list[Start]) -> str:
    lines = [
        "## Cold start",
        "",
        "From exec to the first poll of a runtime API that is made up (`benches/start.py`), medians of 15.",
        "",
        "| worker | by the clock, ms | CPU, ms | resident MB | binary MB |",
        "|---|---|---|---|---|",
    ]
    for one in starts:
        lines.append(
            f"| {one.name} | {one.wall_ms:.1f} | {one.cpu_ms:.1f} | {one.resident_mb:.1f} | {one.binary_mb:.1f} |"
        )
    return "\n".join(lines)
