"""What must not fail together does not hang together."""

import json


def test_no_dead_letter_queue_shares_the_key_of_its_source(environments):
    """A key that is disabled, or whose policy lost a line, stops a queue: then its dead letters are needed most."""
    for environment in environments.values():
        keys = {values["arn"]: values["kms_master_key_id"] for values in environment.of("aws_sqs_queue").values()}
        pairs = [(source, dead) for source, dead in dead_letters(environment) if keys[source] == keys[dead]]
        assert pairs == []
        for _, dead in dead_letters(environment):
            (queue,) = (values for values in environment.of("aws_sqs_queue").values() if values["arn"] == dead)
            assert queue["kms_master_key_id"] or queue["sqs_managed_sse_enabled"], f"{dead} is not encrypted"


def dead_letters(environment):
    """(queue, the queue of its dead letters): by redrive, and by the targets of rules."""
    found = [(values["arn"], json.loads(values["redrive_policy"])["deadLetterTargetArn"])
             for values in environment.of("aws_sqs_queue").values()
             if values["redrive_policy"].startswith("{")]  # the mocks invent a word where there is none
    found += [(values["arn"], each["arn"]) for values in environment.of("aws_cloudwatch_event_target").values()
              for each in values["dead_letter_config"]]
    assert len(found) == 3
    return found
