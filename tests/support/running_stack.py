"""The stack under test: one that DARKROOM_STACK names, or one of our own, brought up and taken down by darkroom.stack,
which is what `make up` and `make clean` run."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.parse

from darkroom.stack import checks

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class RunningStack(dict):
    """The facts of stack.json, and the scripts that made it."""

    def __init__(self, path):
        super().__init__(json.loads(path.read_text()))
        self.path = path

    @property
    def environment(self):
        """Variables for `make` and darkroom.stack that choose this stack."""
        port = urllib.parse.urlsplit(self["aws_endpoint_url"]).port
        return _environment(self.path.parent, port)

    def make(self, target):
        """`make down`, `make up`; and stack.json as it is then."""
        subprocess.run(["make", target], cwd=REPOSITORY, env=self.environment, check=True)
        return RunningStack(self.path)


@contextlib.contextmanager
def given_or_own(passed):
    given = os.environ.get("DARKROOM_STACK")
    if given:
        yield RunningStack(REPOSITORY / given)
        return
    port = checks.free_port()
    home = REPOSITORY / ".local" / f"run-{port}"
    environment = _environment(home, port)
    good = False
    try:
        _entry("up", environment)
        yield RunningStack(home / "stack.json")
        good = passed()
    finally:
        # Either stops exactly the engine whose process id stands in this home.
        _entry("clean" if good else "down", environment)
        if good:
            shutil.rmtree(home)
        else:
            print(f"The stack's logs and state are kept in {home}", file=sys.stderr)


def _entry(command, environment):
    subprocess.run([sys.executable, "-m", "darkroom.stack", command], cwd=REPOSITORY, env=environment, check=True)


def _environment(home, port):
    # A make around us must not tell the make below us what to print.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return kept | {
        "DARKROOM_HOME": str(home),
        "DARKROOM_PORT": str(port),
        "DARKROOM_VENV": sys.prefix,  # engine and tests share one; the scripts need not install it again
        "PYTHONPATH": str(REPOSITORY / "tools"),
    }
