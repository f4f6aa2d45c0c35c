"""The virtual environment: made once, refreshed when a requirements file changes."""
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from darkroom import requirements
from darkroom.console import Failure, Step
from darkroom.locks import only_one
from darkroom.paths import REPOSITORY, TOOLS, Stack

TOOLS_REQUIREMENTS = TOOLS / "requirements.txt"
TESTS = REPOSITORY / "tests" / "requirements.txt"
CONSTRAINTS = REPOSITORY / "tests" / "constraints.txt"
CHECKOV = REPOSITORY / "tests" / "terraform" / "checkov.txt"
CHECKOV_CONSTRAINTS = REPOSITORY / "tests" / "terraform" / "checkov-constraints.txt"
NODE_LOCK = REPOSITORY / "tests" / "package-lock.json"
NODE_MODULES = REPOSITORY / "tests" / "node_modules"


def inside(stack: Stack) -> bool:
    return os.path.realpath(sys.prefix) == os.path.realpath(stack.venv)


def ensure(stack: Stack, *, requirements: Path = TOOLS_REQUIREMENTS) -> None:
    """--no-deps: these files pin everything there is, so nothing else may slip in."""
    _ensure(stack.venv, requirements, [requirements], "--no-deps")


def ensure_tests(stack: Stack) -> None:
    """The tests run the engine too, so they share its environment; the constraints keep them from moving it."""
    constraints = [word for file in (TOOLS_REQUIREMENTS, CONSTRAINTS) for word in ("--constraint", str(file))]
    _ensure(stack.venv, TESTS, [TESTS, CONSTRAINTS, TOOLS_REQUIREMENTS], *constraints)
    _ensure_node()


def ensure_checkov(stack: Stack) -> None:
    """In an environment of its own, beside the other: its hundred packages would move the engine's."""
    folder = stack.venv.with_name(f"{stack.venv.name}-checkov")
    _ensure(folder, CHECKOV, [CHECKOV, CHECKOV_CONSTRAINTS], "--constraint", str(CHECKOV_CONSTRAINTS))


def _ensure(folder: Path, requirements: Path, sources: list[Path], *options: str) -> None:
    marker = folder / f"{requirements.parent.name}-{requirements.stem}.sha256"
    wanted = _digest(*sources)
    if _works(folder) and _says(marker, wanted):
        return
    with only_one(folder.with_name(f"{folder.name}.lock")):
        works = _works(folder)
        if works and _says(marker, wanted):
            return  # another command has made it meanwhile
        with Step(f"Installing {requirements.relative_to(REPOSITORY)} into {_short(folder)}"):
            if not works:
                _create(folder)
            _pip(folder, "install", "--quiet", *options, "--requirement", str(requirements))
            _pip(folder, "check")
        marker.write_text(wanted)


def _says(marker: Path, wanted: str) -> bool:
    return marker.exists() and marker.read_text() == wanted


def _ensure_node() -> None:
    marker = NODE_MODULES / ".darkroom.sha256"
    wanted = _digest(NODE_LOCK)
    if marker.exists() and marker.read_text() == wanted:
        return
    requirements.ensure("node")
    with Step("Installing tests/package-lock.json"):
        command = ["npm", "ci", "--prefix", str(NODE_LOCK.parent), "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"npm ci failed: {' '.join(done.stderr.split())[-400:]}", hint="check the network")
    marker.write_text(wanted)


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _works(folder: Path) -> bool:
    """False also if the checkout moved, or if the Python that made the environment was removed or replaced: a new one
    does not see the old one's packages."""
    if not (folder / "bin" / "python").exists():
        return False
    question = "import pip, sys; print(sys.prefix)"
    asked = subprocess.run([folder / "bin" / "python", "-c", question], capture_output=True, text=True)
    return asked.returncode == 0 and os.path.realpath(asked.stdout.strip()) == os.path.realpath(folder)


def _create(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, ImportError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Failure(f"Python could not make a virtual environment ({error})",
                      hint=requirements.install("python")) from error


def _pip(folder: Path, *arguments: str) -> None:
    command = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise Failure(f"pip {arguments[0]} failed: {' '.join(last)}", hint="check the network, then run it again")


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(REPOSITORY))
    except ValueError:
        return str(path)
