"""R54: each AWS call that a function made in this run is in tests/terraform/calls.json, which tests/terraform holds
against the policies of AWS. Runs behind the tests that make calls.

With DARKROOM_WRITE=1 the list becomes what this run recorded. Write it after a run of all tests, and look at the diff.
"""

import os
import pathlib

from darkroom import aws
from tests.support import aws_calls


def test_r54_each_call_is_in_the_list_that_is_held_against_the_policies(stack, request):
    record = stack.path.parent / "engine/calls.jsonl"
    assert record.exists(), "the stack was started without DARKROOM_CALLS=1, which `make test-e2e` sets"
    made = aws_calls.distilled(record.read_text(encoding="utf-8").splitlines(), names_of_keys(stack))
    assert len(made) > 30, "the tests before this one have left nothing to look at"
    if os.environ.get("DARKROOM_WRITE"):
        aws_calls.LIST.write_text(aws_calls.written(made), encoding="utf-8")
    listed = aws_calls.listed()
    assert [call for call in made if call not in listed] == [], "hint: DARKROOM_WRITE=1 make test-e2e test-terraform"
    if {item.path for item in request.session.items} == set(pathlib.Path(__file__).parent.glob("test_*.py")):
        assert [call for call in listed if call not in made] == [], "no test makes this call any more"


def names_of_keys(stack):
    """By a key's ARN: what its alias says that it is for."""
    kms = aws.client("kms", region=stack["region"], endpoint=stack["aws_endpoint_url"])
    keys = {each["KeyId"]: each["KeyArn"] for each in kms.list_keys()["Keys"]}
    return {keys[each["TargetKeyId"]]: each["AliasName"].removeprefix("alias/darkroom-local-")
            for each in kms.list_aliases()["Aliases"] if each["AliasName"].startswith("alias/darkroom-")}
