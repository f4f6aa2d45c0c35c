"""`make test`: every suite, the units and the longest first, then the others, three at a time.

A suite on a stack waits a part of its time: for Terraform's provider, for a browser, for retries. Three suites keep two
cores busy. The output of a suite goes into a file below .local/tests; the end of a failed one's is shown.
"""
import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from darkroom import console
from darkroom.console import Step, say
from darkroom.paths import REPOSITORY

LOGS = REPOSITORY / ".local" / "tests"
LANES = 3
SHOWN = 60  # lines of a suite that failed
MAKE = ["make", "--no-print-directory"]
PREPARING = "test-prepare"


@dataclass(frozen=True)
class Outcome:
    suite: str
    seconds: float
    cpu_s: float  # of its processes that ended, and of those they waited for
    passed: bool
    log: Path

    def __str__(self) -> str:
        return f"  {'ok    ' if self.passed else 'FAILED'}  {self.suite:<20} {timed(self.seconds, self.cpu_s)}"


def timed(seconds: float, cpu_s: float) -> str:
    return f"{seconds:5.0f} s {cpu_s:6.0f} s of CPU time"


class Suites:
    def __init__(self, make: list[str]):
        self._make = make
        self._running: dict[str, subprocess.Popen] = {}

    def run(self, suites: list[str], begun: Sequence[Future[Outcome]] = (), lanes: int = LANES) -> list[Outcome]:
        """Runs all suites, even if one fails, so that one run shows every failure. One that has begun has a lane."""
        work = [*(each.result for each in begun), *(partial(self._one, suite) for suite in suites)]
        with Step("Testing") as step, ThreadPoolExecutor(lanes) as pool:
            step.note = lambda: ", ".join(sorted(self._running))
            try:
                outcomes = list(pool.map(lambda each: each(), work))
            except BaseException:
                self._end()
                pool.shutdown(cancel_futures=True)
                raise
            failed = [outcome for outcome in outcomes if not outcome.passed]
            step.result = f"{len(failed)} of {len(work)} suites failed" if failed else "done"
        return outcomes

    @contextlib.contextmanager
    def beside(self, *suites: str) -> Iterator[list[Future[Outcome]]]:
        """Runs suites one after the other while the caller does something else, up to one that fails. What still runs
        at the caller's end is ended."""
        with ThreadPoolExecutor(1) as pool:
            begun: list[Future[Outcome]] = []
            for suite in suites:
                begun.append(pool.submit(self._behind, begun[-1:], suite))
            try:
                yield begun
            finally:
                for each in begun:
                    each.cancel()
                self._end()

    def _behind(self, before: list[Future[Outcome]], suite: str) -> Outcome:
        failed = [each.result() for each in before if not each.result().passed]
        return failed[0] if failed else self._one(suite)

    def _one(self, suite: str) -> Outcome:
        log, began = LOGS / f"{suite}.log", time.monotonic()
        with log.open("wb") as out:
            # A session of its own: a signal reaches make, its shell and its tests together.
            process = subprocess.Popen([*self._make, suite], cwd=REPOSITORY, stdout=out, stderr=subprocess.STDOUT,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
            self._running[suite] = process
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        del self._running[suite]
        cpu_s = used.ru_utime + used.ru_stime
        return Outcome(suite, time.monotonic() - began, cpu_s, process.returncode == 0, log)

    def _end(self) -> None:
        """SIGTERM, not SIGINT: a shell that starts a job in the background has it ignore SIGINT, children included."""
        for process in list(self._running.values()):
            os.killpg(process.pid, signal.SIGTERM)


def main(suites: list[str]) -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    units, longest, rest = suites[0], suites[1:2], suites[2:]
    tests = Suites(MAKE)
    # The units compile, and show it: a compiler wants both cores, and its reader wants to see it move. It leaves a part
    # of them to what the other suites need from the network, and then to the stack of the longest suite, which mostly
    # waits until it stands.
    with tests.beside(PREPARING, *longest) as [prepared, *begun]:
        if subprocess.run([*MAKE, units], cwd=REPOSITORY).returncode != 0:
            return 1
        outcomes = [prepared.result()]
        if outcomes[0].passed:
            outcomes += tests.run(rest, begun)
    for outcome in outcomes:
        if not outcome.passed:
            say(f"\n--- the end of {outcome.log.relative_to(REPOSITORY)}")
            say("\n".join(outcome.log.read_text(errors="replace").splitlines()[-SHOWN:]))
    say("\n" + "\n".join(map(str, outcomes)))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(f"          {'all of it':<20} {timed(time.monotonic() - began, used.ru_utime + used.ru_stime)}")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    console.run(main, sys.argv[1:])
