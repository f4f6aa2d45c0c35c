"""The commands of the README, exactly as they are printed, run by bash in a fresh checkout."""

import json
import re
import subprocess

import pytest

from tests.support import photos
from tests.support.running_stack import REPOSITORY

TESTED = re.compile(r"<!-- tested: first-photo -->\s*```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def checkout(tmp_path):
    """A folder that looks like this repository, so that the ticket, which is a secret, is not left in the real one."""
    for entry in REPOSITORY.iterdir():
        if not entry.name.startswith("."):
            (tmp_path / entry.name).symlink_to(entry)
    return tmp_path


def test_the_first_photo_as_the_readme_prints_it(stack, secrets, operator, checkout):
    [commands] = TESTED.findall((REPOSITORY / "README.md").read_text())
    assert commands.count("curl ") == 3, "three curl commands"
    told = "\nprintf '\\n%s %s\\n' \"$ID\" \"$TOKEN\"\n"
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands + told], cwd=checkout, text=True,
                          env=stack.environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    printed, last = done.stdout.strip().rsplit("\n", 1)
    image_id, token = last.split(" ")
    secrets.keep(token)
    secrets.keep(json.loads((stack.path.parent / "newcomer.json").read_text())["password"])
    secrets.keep_signature((checkout / "ticket").read_text())

    image = json.loads(printed)
    for variant in image["variants"].values():
        secrets.keep_signature(variant["url"])
    assert (image["image_id"], image["status"]) == (image_id, "ready")
    assert image["variants"].keys() == photos.SIDES.keys()
    assert operator.execution(image_id).status == "SUCCEEDED"
