"""`cargo build` beside everything else; deploying asks cargo again, which then has nothing left to do."""
import os
import re
import signal
import subprocess
import sys
import time

from darkroom.console import Failure, Step
from darkroom.paths import Stack

# The engine and Terraform answer each other meanwhile, and a compiler takes whatever a core has.
POLITELY = ["nice", "-n", "10"]
PROGRESS = {"CARGO_TERM_PROGRESS_WHEN": "always", "CARGO_TERM_PROGRESS_WIDTH": "100"}
BAR = re.compile(r"Building \[[=> ]*\] (\d+)/(\d+)(?:: ([^,(\s]+))?")
NO_ERROR = re.compile(r"\s*(Building \[|Compiling |Downloaded |Downloading |$)")


class Build:
    def __init__(self, stack: Stack):
        self._log = stack.logs / "build.log"
        with open(self._log, "wb") as log:
            command = [*POLITELY, sys.executable, "-m", "darkroom.deploy.lambdas", "build", "--env", "local"]
            self._process = subprocess.Popen(command, env=stack.child_environment() | PROGRESS,
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                             start_new_session=True)

    def wait(self) -> None:
        if self._process.poll() is None:
            with Step("Building the Lambdas") as step:
                step.note = lambda: progress(self._said())
                while self._process.poll() is None:
                    time.sleep(0.2)
        if self._process.returncode != 0:
            said = [line for line in self._said().splitlines() if not NO_ERROR.match(line)]
            raise Failure("\n".join(["the Lambdas do not build:", *said[-40:]]))

    def stop(self) -> None:
        """The script, cargo and its compilers are one group, which outlives nobody who is interrupted."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()

    def _said(self) -> str:
        return self._log.read_text(errors="replace").replace("\r", "\n")


def progress(said: str) -> str:
    bars = BAR.findall(said)
    if bars:
        done, total, crate = bars[-1]
        return f"{done} of {total} crates{f', compiling {crate}' if crate else ''} "
    if "Blocking waiting for file lock" in said:
        return "waiting for another cargo to finish "
    return f"{said.count('Downloaded ')} crates downloaded " if "Downloaded " in said else ""
