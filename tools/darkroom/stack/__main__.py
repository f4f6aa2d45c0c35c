"""The laptop stack behind `make up`, `down`, `clean`, `status`, `logs`, `token` and `test-e2e`.

This file, `requirements.py` and `console.py` read as any Python 3, so that an old one gets a sentence instead of a
syntax error; the other modules need a newer one. Everything but the first step runs in the virtual environment that the
first step makes.
"""
import argparse
import errno
import os
import sys
import tempfile
from pathlib import Path

from darkroom import console, requirements
from darkroom.console import Failure

try:
    requirements.ensure("up" if sys.argv[1:2] in (["up"], ["run"]) else "python")
except Failure as failure:
    sys.exit(f"error: {failure}")

from darkroom.paths import TOOLS, Stack
from darkroom.stack import checks, venv_setup

NO_SPACE = "no space left on device"  # as every program says it


def parse(argv):
    parser = argparse.ArgumentParser(prog="make", description="The Darkroom stack on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    venv = commands.add_parser("venv", help="only make the virtual environment")
    venv.add_argument("--tests", action="store_true", help="and put in what the tests need, their Node packages too")
    venv.add_argument("--checkov", action="store_true", help="and checkov, in an environment of its own")
    commands.add_parser("up", help="start, provision, deploy")
    commands.add_parser("down", help="stop; the data stays")
    commands.add_parser("clean", help="stop and forget all data")
    commands.add_parser("status", help="what runs, where, and its health")
    logs = commands.add_parser("logs", help="the functions' log lines")
    logs.add_argument("function", nargs="?", help="one function, such as resize")
    logs.add_argument("--follow", action="store_true")
    logs.add_argument("--minutes", type=int, default=60)
    commands.add_parser("token", help="an id token of a new user")
    photo = commands.add_parser("photo", help="send a photo as a new user, and print a link to a variant of it")
    photo.add_argument("photo", type=lambda path: Path(path).expanduser())
    commands.add_parser("api-url", help="the address of the API")
    run = commands.add_parser("run", help="run a command against a stack of its own, then remove that stack")
    run.add_argument("argv", nargs=argparse.REMAINDER)
    return parser.parse_args(argv)


def main(argv):
    arguments = parse(argv)
    stack = Stack.from_environment()
    if arguments.command in ("venv", "up", "run"):
        venv_setup.ensure(stack)
    if arguments.command == "venv":
        if arguments.tests:
            venv_setup.ensure_tests(stack)
        if arguments.checkov:
            venv_setup.ensure_checkov(stack)
        return 0
    if not stack.venv_python.exists():
        if arguments.command == "status":
            print("Nothing is installed yet. Next: make up")
        elif arguments.command in ("logs", "token", "api-url", "photo"):
            raise Failure("There is no stack yet", hint="make up")
        else:
            print("Nothing was ever started.")
        return 0
    if not venv_setup.inside(stack):
        # The same command again, now with boto3 at hand.
        command = [str(stack.venv_python), "-m", "darkroom.stack", *argv]
        os.execve(stack.venv_python, command, os.environ | {"PYTHONPATH": str(TOOLS)})

    from darkroom.stack import commands  # needs the virtual environment

    return commands.run(stack, arguments)


def main_on_any_disk(argv):
    """Reports a full disk in one line, with the folder, whichever program met it."""
    try:
        return main(argv)
    except Failure as failure:
        if NO_SPACE not in str(failure).lower():
            raise
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    raise checks.full_disk([Stack.from_environment().home, TOOLS, Path(tempfile.gettempdir())])


if __name__ == "__main__":
    console.run(main_on_any_disk, sys.argv[1:], interrupted="\ninterrupted; `make up` takes it from here")
