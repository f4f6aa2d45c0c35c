"""Runs a command beside one process of Terraform's provider, which all Terraforms of that command share.

    python3 -m darkroom.provider_server terraform/check.sh

Terraform starts its provider for each run of a test and asks it for the schemas of 1,500 resources: a second of CPU. A
provider that runs already answers them faster. The way is HashiCorp's, for debugging a provider: it prints a value for
TF_REATTACH_PROVIDERS. Only for tests on mocks: Terraform does not compare such a provider with the lock file, so what
runs is the locked version of `darkroom.providers`, and `make up` compares its hash.
"""
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from darkroom import console, providers
from darkroom.console import Failure
from darkroom.paths import Stack

VARIABLE = "TF_REATTACH_PROVIDERS"
PRINTED = re.compile(rf"{VARIABLE}='(\{{.*\}})'")
START_SECONDS = 60


@contextlib.contextmanager
def served(programs: dict[str, Path]) -> Iterator[dict[str, str]]:
    """The variables for Terraform, while the providers run."""
    with contextlib.ExitStack() as running:
        reattach = {}
        for program in programs.values():
            reattach |= running.enter_context(_serving(program))
        yield {VARIABLE: json.dumps(reattach)}


@contextlib.contextmanager
def _serving(program: Path) -> Iterator[dict]:
    with tempfile.TemporaryFile("w+") as said:
        # It logs every call, unless it is told not to. Its socket goes into TMPDIR.
        quiet = {"TF_LOG": "OFF", "TF_LOG_SDK": "OFF", "TF_LOG_PROVIDER": "OFF"}
        process = subprocess.Popen([program, "-debug"], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                                   env=os.environ | providers.COLLECTOR | quiet, start_new_session=True)
        try:
            yield json.loads(_printed(program, process, said))
        finally:
            process.terminate()
            process.wait()


def _printed(program: Path, process: subprocess.Popen, said) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        said.seek(0)
        text = said.read()
        if found := PRINTED.search(text):
            return found[1]
        if process.poll() is not None:
            raise Failure(f"{program.name} does not start: {' '.join(text.split())[-500:]}")
        time.sleep(0.05)
    raise Failure(f"{program.name} did not start within {START_SECONDS} s")


def main(command: list[str]) -> int:
    with served(providers.programs(Stack.from_environment())) as variables:
        return subprocess.run(command, env=os.environ | variables).returncode


if __name__ == "__main__":
    console.run(main, sys.argv[1:])
