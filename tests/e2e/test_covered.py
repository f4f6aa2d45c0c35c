"""The contract against the whole run: each status that api/openapi.yaml promises of an operation, some test has met."""

from routes import OPERATIONS

# A throttle's answer is the gateway's, and the local one lets everybody through; a 5xx is no promise.
UNMET = {"429", "default"}


def test_each_promised_answer_was_seen(api):
    promised = {(operation.name, str(status)) for operation in OPERATIONS for status in operation.said["responses"]}
    assert len(api.contract.seen) > 100, "the tests before this one have left nothing to look at"
    assert sorted(pair for pair in promised - api.contract.seen if pair[1] not in UNMET) == []
