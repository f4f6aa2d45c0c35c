"""A second plan after `make up` changes nothing: Terraform has applied all of the code. Terraform ignores functions'
code that was deployed since, and the moved alias (R47)."""

import subprocess

from tests.support import running_stack


def test_r47_a_second_plan_changes_nothing(stack):
    command = ["make", "plan", "ENV=local"]
    asked = subprocess.run(command, cwd=running_stack.REPOSITORY, env=stack.environment, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    changes = [line for line in asked.stdout.splitlines() if " will be " in line or " must be " in line]
    assert changes == [] and "No changes." in asked.stdout
