"""docs/BENCHMARKS.md: what was measured, in words and tables. `LOSSES` is written by people, the rest by a run."""

import platform
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from benches.measure import WARM, Result
from benches.start import Start

LOSSES = Path(__file__).parent / "losses.md"
TARGETS: dict[str, float | None] = {
    "four": 0.40,
    "four-16": 0.40,
    "one": 0.60,
    "progressive": 0.60,
    "webp": 0.80,
    "avif": None,  # nothing is promised: a row for readers who weigh it
    "png-in": 1.00,
    "webp-in": 1.00,
}


@dataclass
class Table:
    key: str
    title: str
    results: dict[str, Result]
    base: str

    def ratio(self, name: str) -> tuple[float, float]:
        one, base = self.results[name], self.results[self.base]
        return one.cold_ms / base.cold_ms, one.warm_ms / base.warm_ms


def plain(tables: list[Table], scored: dict, starts: list[Start]) -> dict:
    works = {
        table.key: {name: [r.cold_ms, r.warm_ms, r.peak_mb, r.bytes()] for name, r in table.results.items()}
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


def _machine() -> str:
    model = next((line.split(":")[1].strip() for line in _read("/proc/cpuinfo") if line.startswith("model name")), "?")
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split(" (")[0]
    return f"{model}, {platform.system()} {platform.machine()}, {rust}"


def _read(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _method(origin: str, versions: str, rounds: int) -> str:
    return f"""# Benchmarks

Written by `make bench`; change `benches/` and not this page.

**Photo.** {origin}, as JPEG of quality 90 in 4:2:0, at 16 and 12 megapixels; the other inputs are made of the latter.
**Machine.** {_machine()}.
**Peers.** {versions}.

**Method.** Every contender is a process of its own, pinned to one core (threads off), and does the same work: the
same sizes, quality, sampling (4:2:0) and plain Huffman tables, a logo in the same corner. They take turns within each
of {rounds} rounds (of one for AVIF); the tables hold medians of CPU time (user and system), never of the clock. *One
photo* is a whole process that starts, does one photo and ends. *Each further* is what one more photo costs a process
that already runs, measured over {WARM}: it leaves out what an interpreter takes to start, so it flatters us least, and
**the targets are held against it**. Peak memory is the process's largest resident set over all of them (below some 15
MB it is the measuring program's own). Milliseconds drift with the machine's other work, ratios much less.
"""


def _targets(tables: list[Table], starts: list[Start]) -> str:
    rows = []
    for table in tables:
        cold, warm = table.ratio("darkroom")
        target = TARGETS[table.key]
        said, met = (f"≤ {target:.2f}", warm <= target) if target else ("", None)
        rows.append((table.title, said, f"**{warm:.2f}**", f"{cold:.2f}", met))
    four = tables[0]
    each = four.results["darkroom"].warm_ms / four.results["sharp-each"].warm_ms
    each_cold = four.results["darkroom"].cold_ms / four.results["sharp-each"].cold_ms
    rows.insert(
        1, ("… against sharp once for each size", "≤ 0.16", f"**{each:.2f}**", f"{each_cold:.2f}", each <= 0.16)
    )
    cold, warm = four.ratio("workers")
    rows.insert(
        2, ("… by the three workers' stages, hand-over included", "< 1.00", f"**{warm:.2f}**", f"{cold:.2f}", warm < 1)
    )
    peak = four.results["darkroom"].peak_mb
    lines = [f"| {what} | {goal} | {warm} | {cold} | {_verdict(met)} |" for what, goal, warm, cold, met in rows]
    lines.append(f"| Peak memory, four variants | ≤ 48 MB | **{peak:.0f} MB** | | {_verdict(peak <= 48)} |")
    slowest, largest = max(one.wall_ms for one in starts), max(one.resident_mb for one in starts)
    binary = max(one.binary_mb for one in starts)
    lines.append(f"| Cold start, slowest worker | ≤ 10 ms | | **{slowest:.1f} ms** | {_verdict(slowest <= 10)} |")
    lines.append(f"| Resident at the first poll | ≤ 12 MB | | **{largest:.1f} MB** | {_verdict(largest <= 12)} |")
    lines.append(f"| Largest worker's binary | ≤ 10 MB | | **{binary:.1f} MB** | {_verdict(binary <= 10)} |")
    head = "## In one table\n\nCPU of ours, where sharp at its best is 1.00.\n\n"
    return head + "| work | target | each further | one photo | |\n|---|---|---|---|---|\n" + "\n".join(lines)


def _verdict(met: bool | None) -> str:
    return {True: "met", False: "**missed**", None: ""}[met]


def _table(table: Table) -> str:
    lines = [
        f"## {table.title}",
        "",
        "| | each further, ms | ratio | one photo, ms | ratio | peak MB | KB written |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, result in sorted(table.results.items(), key=lambda item: item[1].warm_ms):
        cold, warm = table.ratio(name)
        numbers = f"{result.warm_ms:.0f} | {warm:.2f} | {result.cold_ms:.0f} | {cold:.2f}"
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
