"""Processes that take turns, photo by photo, on one core: the CPU time of each photo, and the peak memory."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from benches.peers import Contender

WARM = 5
"""How many photos a process does beyond the first, to see what one costs a process that runs already."""

PICTURES = {".jpg", ".webp", ".avif"}


@dataclass
class Ratio:
    """The median of the rounds, the lowest and the highest."""

    middle: float
    lowest: float
    highest: float


@dataclass
class Result:
    contender: Contender
    peak_mb: float = 0
    files: dict[str, Path] = field(default_factory=dict)
    # By round.
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    # Millions for each further photo; None where nothing counts them.
    instructions: float | None = None

    @property
    def cold_ms(self) -> float:
        return statistics.median(self.cold)

    @property
    def warm_ms(self) -> float:
        return statistics.median(self.warm)

    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files.values())


@dataclass
class Work:
    photo: Path
    recipe: Path
    logo: Path
    out: Path

    def command(self, entry: Contender, key: str) -> list[str]:
        folder = self.out / key
        folder.mkdir(parents=True, exist_ok=True)
        return entry.command(folder, self.photo, self.recipe, self.logo)


def ratio(ours: list[float], base: list[float]) -> Ratio:
    """Of two contenders' rounds: what disturbs a round disturbs both."""
    rounds = [one / other for one, other in zip(ours, base, strict=True)]
    return Ratio(statistics.median(rounds), min(rounds), max(rounds))


def compare(entries: dict[str, Contender], work: Work, rounds: int) -> dict[str, Result]:
    """In every round a process of each contender: each begins and does one photo, then they take turns."""
    results = {key: Result(entry) for key, entry in entries.items()}
    for key, entry in entries.items():  # not counted: files and programs are in memory afterwards
        with _Process(entry, work.command(entry, key)) as process:
            process.photo()
    cores = os.sched_getaffinity(0)
    for number in range(rounds):
        os.sched_setaffinity(0, {sorted(cores)[number % len(cores)]})  # for the processes, which inherit it
        try:
            _round(results, work)
        finally:
            os.sched_setaffinity(0, cores)
    for key, result in results.items():
        result.files = {path.stem: path for path in sorted((work.out / key).iterdir()) if path.suffix in PICTURES}
    return results


def _round(results: dict[str, Result], work: Work) -> None:
    processes = {}
    further: dict[str, list[float]] = {key: [] for key in results}
    for key, result in results.items():
        processes[key] = _Process(result.contender, work.command(result.contender, key))
        processes[key].photo()
        result.cold.append(processes[key].cpu_ms())
    for _ in range(WARM):
        for key, process in processes.items():
            before = process.cpu_ms()
            process.photo()
            further[key].append(process.cpu_ms() - before)
    for key, process in processes.items():
        results[key].warm.append(statistics.median(further[key]))
        results[key].peak_mb = max(results[key].peak_mb, process.peak_mb())
        process.end()


class _Process:
    """One contender, waiting for its next turn."""

    def __init__(self, entry: Contender, command: list[str]):
        environment = {**os.environ, **entry.environment}
        self.name = entry.name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        # CPU time of a whole process, in nanoseconds, by the number that Linux gives that clock.
        self.clock = (~self.process.pid << 3) | 2

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def photo(self) -> None:
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline():
            raise SystemExit(f"{self.name} ended too early, with {self.process.wait()}")

    def cpu_ms(self) -> float:
        """User and system, of all threads; of programs that it calls, as ImageMagick's, by the kernel's ticks."""
        called = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[13:15]
        ticks = sum(map(int, called)) / os.sysconf("SC_CLK_TCK")
        return (time.clock_gettime(self.clock) + ticks) * 1000

    def peak_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024

    def end(self) -> None:
        """The process writes its files when nothing is left to do."""
        self.process.stdin.close()
        self.process.stdout.read()
        if self.process.wait() != 0:
            raise SystemExit(f"{self.name} failed with {self.process.returncode}")
