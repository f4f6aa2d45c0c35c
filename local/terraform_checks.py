"""`make test-terraform`: formatted, valid, and its own tests, for every root and module; nothing reaches AWS."""
import os
import subprocess
import sys
from pathlib import Path

from console import Failure, Step
from paths import REPOSITORY, Stack

TERRAFORM = REPOSITORY / "terraform"


def main() -> None:
    stack = Stack.from_environment()
    with Step("terraform fmt -check"):
        unformatted = _terraform(TERRAFORM, stack, "fmt", "-check", "-recursive", "-list=true").split()
    if unformatted:
        raise Failure(f"not formatted: {', '.join(unformatted)}. Mend: make fmt")
    roots = sorted(path.parent for path in TERRAFORM.glob("environments/*/versions.tf"))
    tested = sorted({_tested_folder(path) for path in TERRAFORM.rglob("*.tftest.hcl")})
    if not roots or not tested:
        raise Failure("found no environments or no tests; the layout under terraform/ has changed")
    for folder in sorted({*roots, *tested}):
        name = folder.relative_to(TERRAFORM)
        with Step(f"terraform init, validate {name}"):
            _terraform(folder, stack, "init", "-backend=false", "-input=false")
            _terraform(folder, stack, "validate")
        if folder in tested:
            with Step(f"terraform test {name}") as step:
                step.result = _terraform(folder, stack, "test").strip().splitlines()[-1]


def _tested_folder(test: Path) -> Path:
    return test.parent.parent if test.parent.name == "tests" else test.parent


def _terraform(folder: Path, stack: Stack, *arguments: str) -> str:
    data = stack.venv.parent / "terraform-checks" / folder.relative_to(TERRAFORM)
    cache = Path(os.environ.get("TF_PLUGIN_CACHE_DIR") or stack.venv.parent / "terraform-plugins")
    cache.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {
        # Working files beside the local stack, not in the tree; the provider once, not once for each folder.
        "TF_DATA_DIR": str(data),
        "TF_PLUGIN_CACHE_DIR": str(cache),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        # Neither keys nor a machine that offers some: a test that forgets its mock must fail, not reach an account.
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    command = ["terraform", f"-chdir={folder}", *arguments, "-no-color"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0 and arguments[0] != "fmt":
        where = folder.relative_to(REPOSITORY)
        raise Failure(f"terraform {arguments[0]} in {where} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
