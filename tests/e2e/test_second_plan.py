"""A second plan after `make up` changes nothing: Terraform has applied all of the code. Terraform ignores functions'
code that was deployed since, and the moved alias (R47)."""

import json
import subprocess

import pytest

from tests.support import running_stack


def test_r47_a_second_plan_changes_nothing(stack):
    command = ["make", "plan", "ENV=local"]
    asked = subprocess.run(command, cwd=running_stack.REPOSITORY, env=stack.environment, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    changes = [line for line in asked.stdout.splitlines() if " will be " in line or " must be " in line]
    assert changes == [] and "No changes." in asked.stdout


def test_r53_a_permission_whose_answer_was_lost_is_given_again(operator):
    """Terraform's provider would take the conflict for one that passes, and ask for five minutes."""
    function = "darkroom-local-meta"
    permission = {"FunctionName": function, "Qualifier": "live", "StatementId": "asked-twice",
                  "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
                  "SourceArn": "arn:aws:events:us-east-1:000000000000:rule/one"}
    try:
        first = operator.functions.add_permission(**permission)
        assert operator.functions.add_permission(**permission)["Statement"] == first["Statement"]
        with pytest.raises(operator.functions.exceptions.ResourceConflictException):
            operator.functions.add_permission(**permission | {"SourceArn": permission["SourceArn"] + "-more"})
        policy = operator.functions.get_policy(FunctionName=function, Qualifier="live")["Policy"]
        assert [statement for statement in json.loads(policy)["Statement"] if statement["Sid"] == "asked-twice"] == [
            json.loads(first["Statement"])]
    finally:
        operator.functions.remove_permission(FunctionName=function, Qualifier="live", StatementId="asked-twice")
