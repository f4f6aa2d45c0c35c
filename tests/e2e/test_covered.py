"""The contract against the whole run: some test has met each status that api/openapi.yaml promises of an operation."""

from routes import OPERATIONS

# A throttle's answer is the gateway's, and the local one throttles no client; a 5xx is not promised.
NOT_OURS = {"429", "default"}
# An album of more photos than one deletion empties: thousands. A handler's test has them.
TOO_LARGE = {("DELETE /albums/{album_id}", "409")}


def promised(operation):
    statuses = set(map(str, operation.said["responses"])) - NOT_OURS
    if not operation.body and all(said["in"] != "query" for said in operation.parameters):
        # These requests cannot be ill-formed: an unknown id is a 404, and the 400 is the gateway's.
        statuses -= {"400"}
    return {(operation.name, status) for status in statuses} - TOO_LARGE


def test_each_promised_answer_was_seen(api):
    assert len(api.contract.seen) > 100, "the tests before this one have left nothing to look at"
    unseen = sorted(set().union(*map(promised, OPERATIONS)) - api.contract.seen)
    assert not unseen, unseen
