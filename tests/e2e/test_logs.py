"""R35, R48: every log of the whole run, line by line. Runs behind all other tests, so that there is much to find."""

import json
import re

import pytest

from tests.support.telltales import TELLTALES

# The fields of every line, by AWS Powertools' names; and those of every line that an invocation wrote.
ALWAYS = {"level", "timestamp", "message", "location", "service", "function_name", "function_memory_size"}
INVOCATION = {"function_request_id", "cold_start"}


@pytest.fixture(scope="module")
def lines(operator):
    """Every line of every log group."""
    lines = [(group, line) for group in operator.log_groups() for line in operator.raw_lines(group)]
    silent = set(operator.stack["functions"].values()) - {group.rsplit("/", 1)[1] for group, _ in lines}
    assert not silent, "each function has logged"
    return lines


def test_r35_no_log_holds_a_secret(lines, secrets):
    assert len(secrets.values) > 20, "the tests before this one have left nothing to look for"
    everything = "\n".join(line for _, line in lines)
    # A short secret, such as a code of six digits, may be part of a longer number.
    found = [value for value in secrets.values if value in everything
             and (len(value) > 12 or re.search(rf"(?<!\w){re.escape(value)}(?!\w)", everything))]
    assert len(found) == 0, "a secret of the tests"
    for what, sign in TELLTALES.items():
        assert not sign.search(everything), what


def test_r48_every_line_is_json_with_the_names_of_powertools(lines, operator):
    functions = set(operator.stack["functions"].values())
    for group, text in lines:
        line = json.loads(text)
        if "_aws" in line:
            assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Darkroom"
            continue
        assert line.keys() >= ALWAYS | INVOCATION, text
        assert line["function_name"] == group.rsplit("/", 1)[1] and line["function_name"] in functions
        assert line["service"] == "darkroom"


def test_r48_one_id_leads_from_the_ticket_to_the_record(lines):
    """An operator searches for the id that a client names: every function on the photo's way has a line with it."""
    by_image = {}
    for group, text in lines:
        image_id = json.loads(text).get("image_id")
        if image_id:
            by_image.setdefault(image_id, set()).add(group.rsplit("-", 1)[1])
    way = {"upload", "orchestrator", "validate", "resize", "watermark", "images"}
    assert sum(functions >= way for functions in by_image.values()) >= 100, "the hundred photos, at least"
