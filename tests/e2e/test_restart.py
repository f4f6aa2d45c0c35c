"""`make down`, then `make up`, as on a laptop over night. The very last test."""

import pytest

from tests.support import photos
from tests.support.client import download
from tests.support.operations import Operator


@pytest.fixture(scope="module")
def image(ada):
    return ada.wait(ada.upload(photos.fixture("gray.jpg")))


def test_a_stopped_stack_forgets_nothing(stack, operator, ada, image):
    image_id = image["image_id"]
    record, execution = operator.record(image_id, ada.owner_id), operator.execution(image_id)
    executions = len(operator.all_executions())

    stack.make("down")
    with pytest.raises(Exception, match="Could not connect"):
        operator.dead_letters()
    again = stack.make("up")
    assert again == stack, "the same addresses and names"

    assert ada.look(image_id).status_code == 200, "a token from before is still good"
    ada.sign_in()
    seen = ada.wait(image_id)
    assert (seen["status"], seen["facts"]) == ("ready", image["facts"])
    assert len(download(seen["variants"]["small"]["url"]).content) == seen["variants"]["small"]["bytes"]

    operator = Operator(again)
    assert operator.record(image_id, ada.owner_id) == record
    assert len(operator.all_executions()) == executions
    assert operator.execution(image_id).states == execution.states

    assert ada.wait(ada.upload(photos.numbered(photos.fixture("gray.jpg"), 2)))["status"] == "ready", "and it works on"
