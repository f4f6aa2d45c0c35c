"""Whole processes, pinned to one core, interleaved: CPU time and peak memory, medians of the rounds."""

import os
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benches.peers import Contender

WARM = 5
"""How many photos a process does beyond the first, to see what one costs a process that runs already."""

PICTURES = {".jpg", ".webp", ".avif"}


@dataclass
class Result:
    contender: Contender
    cold_ms: float
    warm_ms: float
    peak_mb: float
    files: dict[str, Path]

    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files.values())


@dataclass
class Work:
    photo: Path
    recipe: Path
    logo: Path
    out: Path


def compare(entries: dict[str, Contender], work: Work, rounds: int) -> dict[str, Result]:
    """Every contender does the same work in every round, one after the other, and twice: one photo, then several."""
    seen: dict[str, list[tuple[float, float, float]]] = {key: [] for key in entries}
    for key, entry in entries.items():
        _run(entry, work, work.out / key, 1, 0)  # not counted: files and programs are in memory afterwards
    for number in range(rounds):
        for key, entry in entries.items():
            one, _ = _run(entry, work, work.out / key, 1, number)
            many, peak = _run(entry, work, work.out / key, 1 + WARM, number)
            seen[key].append((one, (many - one) / WARM, peak))
    results = {}
    for key, entry in entries.items():
        cold, warm, peak = (statistics.median(column) for column in zip(*seen[key], strict=True))
        files = {path.stem: path for path in sorted((work.out / key).iterdir()) if path.suffix in PICTURES}
        results[key] = Result(entry, cold, warm, peak, files)
    return results


def _run(entry: Contender, work: Work, folder: Path, times: int, number: int) -> tuple[float, float]:
    """CPU time in milliseconds and the largest memory in megabytes."""
    folder.mkdir(parents=True, exist_ok=True)
    command = entry.command(times, folder, work.photo, work.recipe, work.logo)
    core = sorted(os.sched_getaffinity(0))[number % len(os.sched_getaffinity(0))]
    environment = {**os.environ, **entry.environment}
    process = subprocess.Popen(
        ["taskset", "-c", str(core), *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{complaint.decode()}")
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024
