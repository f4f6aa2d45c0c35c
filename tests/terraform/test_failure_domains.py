"""Parts that must not fail together do not depend on each other."""

import json
import re

# The protections: keys, policies, blocked access and records of access.
SECURITY = re.compile(
    r"\baws_(kms_\w+|s3_bucket_(policy|public_access_block|ownership_controls|server_side_encryption_configuration"
    r"|versioning|logging)|iam_\w+|sqs_queue|sns_topic\w*|lambda_permission|vpc_\w+|security_group\w*|cloudtrail"
    r"|cognito_\w+|wafv2_\w+|cloudwatch_metric_alarm)\."
)


def test_no_security_resource_waits_for_cloudfront(environments):
    """AWS refuses distributions to some new accounts; the rest must stand, and be as closed, without one."""
    for environment in environments.values():
        guards = [block for block in blocks(environment) if SECURITY.search(block)]
        assert len(guards) > 30
        waiting = {block: block_of_cloudfront for block in guards
                   for block_of_cloudfront in everything_before(environment, block)
                   if "aws_cloudfront_" in block_of_cloudfront}
        assert waiting == {}


def test_the_graph_is_read(environments):
    before = everything_before(environments["prod"], "module.functions.aws_lambda_function.this")
    assert "module.encryption.aws_kms_key.this" in before and "module.functions.aws_iam_role_policy.this" in before
    (web,) = (block for block in blocks(environments["prod"]) if block.endswith("aws_cloudfront_distribution.web"))
    assert any("aws_api_gateway_rest_api" in block for block in everything_before(environments["prod"], web))


def blocks(environment):
    return {re.sub(r"\[[^]]*\]", "", address) for address in environment.resources}


def everything_before(environment, block):
    found, ahead = set(), {block}
    while ahead:
        found |= ahead
        ahead = {needed for each in ahead for needed in environment.needs.get(each, ())} - found
    return found - {block}


def test_no_dead_letter_queue_shares_the_key_of_its_source(environments):
    """A key that is disabled, or whose policy lost a line, stops a queue: then its dead letters are needed most."""
    for environment in environments.values():
        keys = keys_of(environment)
        pairs = [(source, dead) for source, dead in dead_letters(environment) if keys[source] == keys[dead]]
        assert pairs == []
        for _, dead in dead_letters(environment):
            (queue,) = (values for values in environment.of("aws_sqs_queue").values() if values["arn"] == dead)
            assert queue["kms_master_key_id"] or queue["sqs_managed_sse_enabled"], f"{dead} is not encrypted"


def test_no_alarm_is_told_by_the_key_of_what_it_watches(environments):
    """CloudWatch uses the topic's key when an alarm rings. It must not be the key whose loss made the alarm ring."""
    for environment in environments.values():
        (topic,) = environment.of("aws_sns_topic").values()
        watched = {arn for arn, key in keys_of(environment).items() if key == topic["kms_master_key_id"]}
        assert topic["kms_master_key_id"] and watched == set()


def keys_of(environment):
    """By the ARN of a queue or of the table's stream: the key that it is encrypted with."""
    keys = {values["arn"]: values["kms_master_key_id"] for values in environment.of("aws_sqs_queue").values()}
    for values in environment.of("aws_dynamodb_table").values():
        keys[values["stream_arn"]] = values["server_side_encryption"][0]["kms_key_arn"]
    return keys


def dead_letters(environment):
    """(queue or stream, the queue of its dead letters): by redrive, by the targets of rules, by what reads a stream."""
    found = [(values["arn"], json.loads(values["redrive_policy"])["deadLetterTargetArn"])
             for values in environment.of("aws_sqs_queue").values()
             if values["redrive_policy"].startswith("{")]  # the mocks invent a word where there is none
    found += [(values["arn"], each["arn"]) for values in environment.of("aws_cloudwatch_event_target").values()
              for each in values["dead_letter_config"]]
    found += [(values["event_source_arn"], failed["destination_arn"])
              for values in environment.of("aws_lambda_event_source_mapping").values()
              for destination in values["destination_config"] or () for failed in destination["on_failure"]]
    assert len(found) == 5
    return found
