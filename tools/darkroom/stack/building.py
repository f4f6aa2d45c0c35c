"""Builds in the background: the functions, for which the deployment asks cargo again, and the web app."""
import os
import re
import signal
import subprocess
import sys
import time

from darkroom.console import Failure, Step
from darkroom.paths import Stack

# Lower priority: the engine and Terraform work meanwhile, and a compiler takes every core.
POLITELY = ["nice", "-n", "10"]
PROGRESS = {"CARGO_TERM_PROGRESS_WHEN": "always", "CARGO_TERM_PROGRESS_WIDTH": "100"}
BAR = re.compile(r"Building \[[=> ]*\] (\d+)/(\d+)(?:: ([^,(\s]+))?")
NO_ERROR = re.compile(r"\s*(Building \[|Compiling |Downloaded |Downloading |$)")


def functions(stack: Stack) -> "Build":
    return Build(stack, "the Lambdas", "build.log", "darkroom.deploy.lambdas", "build", "--env", "local")


def web_app(stack: Stack) -> "Build":
    """Builds the web app beside cargo: npm mostly waits for the network, and Vite takes a second."""
    return Build(stack, "the web app", "web-build.log", "darkroom.deploy.web_build")


class Build:
    def __init__(self, stack: Stack, what: str, log: str, *module: str):
        self._what = what
        self._log = stack.logs / log
        with open(self._log, "wb") as file:
            command = [*POLITELY, sys.executable, "-m", *module]
            self._process = subprocess.Popen(command, env=stack.child_environment() | PROGRESS,
                                             stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                                             start_new_session=True)

    def wait(self) -> None:
        if self._process.poll() is None:
            with Step(f"Building {self._what}") as step:
                step.note = lambda: progress(self._said())
                while self._process.poll() is None:
                    time.sleep(0.2)
        if self._process.returncode != 0:
            said = [line for line in self._said().splitlines() if not NO_ERROR.match(line)]
            raise Failure("\n".join([f"could not build {self._what}:", *said[-40:]]))

    def stop(self) -> None:
        """Ends the script, cargo and its compilers, which are one group, when the command is interrupted."""
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
