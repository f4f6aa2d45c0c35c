"""Workers that fail: a passing error is tried again and forgotten; a lasting one is recorded, for an operator."""

from faults import failing
from tests.support import photos
from tests.support.operations import HAPPY

CONTENT = photos.fixture("gray.jpg")
STATE = "Create variants"


def test_r13_a_worker_that_fails_twice_and_then_works_is_retried(ada, operator):
    with failing(operator, "resize", "Transient.Storage", times=2):
        image = ada.wait(ada.upload(CONTENT))
        execution = operator.execution(image["image_id"])
    assert (image["status"], execution.status) == ("ready", "SUCCEEDED")
    assert execution.states == HAPPY
    assert execution.failures(STATE) == ["Transient.Storage"] * 2
    assert "code" not in operator.record(image["image_id"], ada.owner_id)["outcome"], "what passed left no trace"


def failed(ada, operator, error):
    """A photo whose second state always fails with this error: its execution and its record."""
    with failing(operator, "resize", error):
        image = ada.wait(ada.upload(CONTENT))
        execution = operator.execution(image["image_id"])
    assert (execution.status, execution.error) == ("FAILED", error)
    assert execution.states == ["Validate image", STATE, "Record failure", "Processing failed"]
    record = operator.record(image["image_id"], ada.owner_id)
    assert record["status"] == image["status"] == "failed"
    outcome = record["outcome"]
    assert outcome.keys() == {"outcome", "code", "stage", "message", "execution", "docs", "at"}
    assert (outcome["outcome"], outcome["code"], outcome["stage"]) == ("failed", error, "resize")
    assert "made to fail by a test" in outcome["message"], "what the operator needs to know"
    assert outcome["execution"] == execution.name
    assert outcome["docs"].endswith(f"#{error}")
    shown = image["outcome"]
    assert (shown["code"], shown["stage"]) == (error, "resize")
    assert "made to fail" not in shown["message"], "that is the operator's to know"
    assert "variants" not in image
    return execution


def test_r13_r14_a_worker_that_never_works_is_given_up_and_recorded(ada, operator):
    execution = failed(ada, operator, "Transient.Storage")
    assert execution.failures(STATE) == ["Transient.Storage"] * 4, "once, and three times again"


def test_r13_r14_what_waiting_does_not_mend_is_not_retried(ada, operator):
    execution = failed(ada, operator, "Worker.Misconfigured")
    assert execution.failures(STATE) == ["Worker.Misconfigured"]


def test_the_worker_is_itself_again(ada):
    assert ada.wait(ada.upload(CONTENT))["status"] == "ready"
