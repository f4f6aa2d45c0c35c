"""Instructions that a photo takes: by the CPU's own counter where the kernel lends it, else ours by valgrind."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from benches.measure import Work
from benches.peers import Contender

PERF = ["perf", "stat", "-x,", "-e", "instructions:u"]
VALGRIND = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


@cache
def counter() -> str:
    """`perf`, `valgrind` or nothing."""
    if shutil.which("perf") and _perf(["true"], "") is not None:
        return "perf"
    return "valgrind" if shutil.which("valgrind") else ""


def for_each_further(key: str, entry: Contender, work: Work) -> float | None:
    """Millions of instructions for one more photo. Valgrind counts ours only: an interpreter would take it minutes."""
    if counter() == "perf":
        count = _perf
    elif counter() == "valgrind" and key in ("darkroom", "workers"):
        count = valgrind
    else:
        return None
    command = work.command(entry, key)
    one, two = count(command, "\n", entry.environment), count(command, "\n\n", entry.environment)
    return None if one is None or two is None else (two - one) / 1e6


def _perf(command: list[str], turns: str, environment: dict[str, str] | None = None) -> int | None:
    said = _run([*PERF, *command], turns, environment).stderr.splitlines()
    count = next((line.split(",")[0] for line in said if "instructions" in line), "")
    return int(count) if count.isdigit() else None


def valgrind(command: list[str | Path], turns: str, environment: dict[str, str] | None = None) -> int:
    done = _run([*VALGRIND, *command], turns, environment)
    counted = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode != 0 or not counted:
        raise SystemExit(f"valgrind {command[0]} failed:\n{done.stderr}")
    return int(counted[1].replace(",", ""))


def _run(command: list[str | Path], turns: str, environment: dict[str, str] | None) -> subprocess.CompletedProcess:
    environment = {**os.environ, **(environment or {})}
    return subprocess.run(command, input=turns, capture_output=True, text=True, env=environment, check=False)
