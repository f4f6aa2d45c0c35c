"""How a program of the tools ends: with a line, never with a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bash(program, rest=""):
    command = f'"{sys.executable}" -c "$PROGRAM" {rest}'
    environment = {"PROGRAM": f"from darkroom import console\n{program}", "PYTHONPATH": str(ROOT / "tools"),
                   "PATH": "/usr/bin:/bin"}
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], env=environment, capture_output=True, text=True)


def test_a_failure_is_its_sentence_and_its_hint():
    done = bash("def main(): raise console.Failure('no stack', hint='make up')\nconsole.run(main)")
    assert (done.returncode, done.stderr) == (1, "error: no stack\nhint: make up\n")


def test_an_error_that_is_known_is_a_line_and_another_is_not():
    done = bash("console.run(lambda: {}['a'], known=(KeyError,))")
    assert (done.returncode, done.stderr) == (1, "error: 'a'\n")
    assert "Traceback" in bash("console.run(lambda: 1 / 0, known=(KeyError,))").stderr


@pytest.mark.parametrize("lines", [1, 100_000])
@pytest.mark.parametrize("reader", [":", "head -1"])
def test_a_reader_that_leaves_is_no_error(lines, reader):
    done = bash(f"import time\ntime.sleep(0.3)\nconsole.run(lambda: [print('line') for _ in range({lines})] and 0)",
                f"| {reader}")
    assert (done.returncode, done.stderr) == (0, "")
