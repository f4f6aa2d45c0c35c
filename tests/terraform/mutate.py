"""`make test-mutations`: breaks each property of mutations.py in a copy, and expects its test to turn red."""

import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from darkroom import providers
from darkroom.paths import Stack
from mutations import MUTATIONS

ROOT = Path(__file__).resolve().parents[2]
LOCK = "terraform/environments/local/.terraform.lock.hcl"


def copy_of_the_repository(folder):
    """With git, since one of the tests asks it for the files."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("fixtures/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    subprocess.run("git init -q . && git add -A", shell=True, cwd=folder, check=True)
    (folder / "tests/node_modules").symlink_to(ROOT / "tests/node_modules")
    return folder


def run(folder, *command):
    # PYTHONPATH names the tools that stand here, and the copy has its own.
    given = providers.environment(Stack.from_environment()) | {"TF_IN_AUTOMATION": "1"}
    environment = {key: value for key, value in given.items() if key not in ("DARKROOM_WRITE", "PYTHONPATH")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def pytest(folder, *arguments):
    return run(folder, sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments)


def terraform_test(folder, file):
    module = folder / Path(file).parents[1]
    if not (module / ".terraform").exists():
        shutil.copy(folder / LOCK, module / ".terraform.lock.hcl")
        run(module, "terraform", "init", "-backend=false", "-input=false", "-no-color")
    return run(module, "terraform", "test", "-no-color")


def verdict(said, test):
    """green, red, or another result: a mutation that is not valid Terraform proves nothing."""
    name = test.partition("::")[2]
    if re.search(rf'^  run "{name}"\.\.\. fail|::{name}(\[.*\])? FAILED', said, re.MULTILINE):
        return "red"
    if re.search(rf'^  run "{name}"\.\.\. pass|::{name}(\[.*\])? PASSED', said, re.MULTILINE):
        return "green"
    return "\n".join(said.splitlines()[-15:])


def said_of(folder, *tests):
    """-x: a test may be asked of three environments, and one that is red is enough."""
    if tests[0].partition("::")[0].endswith(".py"):
        return pytest(folder, "-x", *tests)
    return terraform_test(folder, tests[0].partition("::")[0])


def unbroken(copies, tests):
    """A test that is red anyway proves nothing either."""
    folder = copies.get()
    try:
        return said_of(folder, *tests)
    finally:
        copies.put(folder)


def attempt(copies, mutation):
    folder = copies.get()
    file = folder / mutation.file
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(text.replace(mutation.old, mutation.new, 1), encoding="utf-8")
        return verdict(said_of(folder, mutation.test), mutation.test)
    finally:
        file.write_text(text, encoding="utf-8")
        copies.put(folder)


def together(tests):
    """Tests that one command runs: those of pytest render each environment once, those of a module are one file."""
    groups = {}
    for test in sorted(tests):
        file = test.partition("::")[0]
        groups.setdefault("pytest" if file.endswith(".py") else file, []).append(test)
    return list(groups.values())


def main(only):
    chosen = [mutation for mutation in MUTATIONS if only in mutation.test]
    survived = 0
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(max_workers=2) as pool:
        copies = Queue()
        for number in range(2):
            (folder := Path(temporary) / str(number)).mkdir()
            copies.put(copy_of_the_repository(folder))
        groups = together({mutation.test for mutation in chosen})
        for tests, said in zip(groups, pool.map(lambda tests: unbroken(copies, tests), groups), strict=True):
            for test in tests:
                if (found := verdict(said, test)) != "green":
                    sys.exit(f"{test} is not green to begin with: {found}")
        for mutation, found in zip(chosen, pool.map(lambda each: attempt(copies, each), chosen), strict=True):
            survived += found != "red"
            print(f"{found:6} {mutation.test.rpartition('/')[2]}  ({mutation.file})", flush=True)
    print(f"{len(chosen)} properties broken, {survived} not noticed")
    return 1 if survived or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
