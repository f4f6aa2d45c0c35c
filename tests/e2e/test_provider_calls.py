"""R54: each call of Terraform's provider while this stack was made is in the list of tests/terraform,
provider_calls.json, which test_deployer.py there compares with the deployer's policy.

With DARKROOM_WRITE=1 the list is recorded anew, of an environment of AWS on an engine of its own: some ten minutes.
"""

import os
import subprocess
import sys

from tests.support.running_stack import REPOSITORY

LEAST = 80  # kinds of requests: what `make up` of an empty home makes


def test_r54_what_the_provider_asked_here_is_in_the_list(stack):
    record = stack.path.parent / "engine/calls-provider.jsonl"
    assert record.exists(), "the stack was started without DARKROOM_CALLS=1, which `make test-e2e` sets"
    assert len(record.read_text(encoding="utf-8").splitlines()) >= LEAST
    if os.environ.get("DARKROOM_WRITE"):
        script("record_provider.py")
    missing = script("provider_calls.py", str(record), "local")
    assert missing == "", "hint: DARKROOM_WRITE=1 make test-e2e test-terraform"


def script(name, *arguments):
    done = subprocess.run([sys.executable, f"tests/terraform/{name}", *arguments], cwd=REPOSITORY, text=True,
                          stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(REPOSITORY / "tools")})
    assert done.returncode == 0
    return done.stdout
