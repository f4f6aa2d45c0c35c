"""An operator's terminal, for test_runbook.py: types the commands of docs/OPERATIONS.md as they are printed."""

import os
import pty
import re
import signal
import subprocess
import threading
from datetime import datetime

from tests.support import runbook
from tests.support.program import Darkroom
from tests.support.running_stack import REPOSITORY

FOLLOW_S = 90
DAY_S = 24 * 3600


class Walk:
    """`darkroom` is in the PATH and signed in, and every question is answered."""

    def __init__(self, program, api, stack, olga, folder):
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "darkroom").symlink_to(program)
        self.darkroom = Darkroom(program, api, folder / "state")
        self.darkroom.run("login", olga.email, stdin=f"{olga.password}\n")
        self.environment = stack.environment | {
            "DARKROOM_API": api.url, "XDG_STATE_HOME": str(folder / "state"),
            "PATH": f"{bin_folder}:{os.environ['PATH']}"}

    def type(self, command, answer, code=0, **names):
        """What it prints, and how it ends; names such as EXECUTION are replaced."""
        command = filled_in(command, names)
        keyboard, terminal = pty.openpty()
        os.write(keyboard, f"{answer}\n".encode() * 3)
        try:
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=REPOSITORY, env=self.environment,
                                  stdin=terminal, capture_output=True, text=True, timeout=120)
        finally:
            os.close(keyboard)
            os.close(terminal)
            self.darkroom.keep_secrets()
        assert done.returncode == code, f"{command}: {done.stderr}"
        return done.stdout + done.stderr

    def part(self, title, label, program="", code=0, **names):
        """The output of all commands of a part that can be typed here and come to an end; those of `darkroom` end with
        this code. A query changes nothing: its questions are answered with no. With a program, its commands only."""
        answer = "y" if label == "Action" else "n"
        return "".join(self.type(command, answer, code if command.startswith("darkroom ") else 0, **names)
                       for command in typed(title, label) if command.startswith(program) and not follows(command))

    def follow(self, title, label, wanted, since=0.0, **names):
        """Types the one command of a part that does not end, until it prints such a line, of that moment or later."""
        (command,) = filter(follows, typed(title, label))
        running = subprocess.Popen(["bash", "-c", filled_in(command, names)], cwd=REPOSITORY, env=self.environment,
                                   stdout=subprocess.PIPE, text=True, start_new_session=True)
        end = threading.Timer(FOLLOW_S, os.killpg, (running.pid, signal.SIGTERM))
        end.start()
        try:
            seen = []
            for line in running.stdout:
                seen.append(line)
                if re.search(wanted, line) and is_since(line, since):
                    return line
            raise AssertionError(f"{command}: no line {wanted!r} within {FOLLOW_S} s, but {seen}")
        finally:
            end.cancel()
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGTERM)
            running.wait(10)
            running.stdout.close()

    def start_again(self, execution):
        """The section to which other sections refer; the new execution."""
        first, second, *_ = runbook.commands(runbook.section("Start an execution again"))
        new = re.search(r"^started (\S+)$", self.type(first, "y", EXECUTION=execution), re.MULTILINE)[1]
        assert second == "darkroom operate trace NEW --follow"
        return new


def typed(title, label):
    return [command for command in runbook.commands(runbook.part(title, label)) if command not in runbook.ELSEWHERE]


def follows(command):
    return "FOLLOW=1" in command


def filled_in(command, names):
    names = dict(names)
    command = command.replace("FN=…", f"FN={names.pop('FN', '…')}")
    for name, value in names.items():
        command = re.sub(rf"\b{re.escape(name)}\b", value, command)
    return command


def is_since(line, moment):
    """A line of `make logs` begins with its time of day."""
    hours, minutes, seconds = line.split()[0].split(":")
    of_day = datetime.fromtimestamp(moment)
    begun = of_day.hour * 3600 + of_day.minute * 60 + of_day.second
    return not moment or (int(hours) * 3600 + int(minutes) * 60 + float(seconds) - begun) % DAY_S < DAY_S / 2
