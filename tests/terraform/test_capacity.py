"""Capacity by arithmetic: what each route reads, times how often it may be called, is within what one partition of the
table gives; and photos in flight leave concurrency to the API.

A partition gives 3,000 read units a second, whatever the table as a whole gives:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

import re

import pytest
import yaml

import rendered
from conftest import ENVIRONMENTS
from darkroom.cost.photo import ASSUMED
from darkroom.simulate.rules import rules

PARTITION = 3000
# A new account's concurrency of Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
NEW_ACCOUNT = 10

RECORD_KB = ASSUMED["record_kb"]
QUESTIONS, LOOKED_AT = 4, 250  # src/gallery/page.rs: of one page with a filter, at most


def query(records):
    """Eventually consistent, as an index is read: half a unit for each 4 KB."""
    return records * RECORD_KB / 4 / 2


PAGE = QUESTIONS * query(LOOKED_AT)
ITEM = query(1)

# By operation, what one request reads at most of a partition that strangers share: an index's partition of what is
# public, an album or a user that many people look at. A caller's own partition is not here: a caller who exhausts it
# gets a 503, and disturbs no other.
SHARED = {
    "GET /albums/{album_id}": ITEM,
    "GET /albums/{album_id}/images": PAGE,
    "GET /image/{image_id}": ITEM,
    "GET /images/public": PAGE,
    "GET /shared/{token}": PAGE,
    "GET /users/{user_id}": ITEM,
    "GET /users/{user_id}/images": PAGE,
}
# These read what is the caller's own, or nothing of the table.
OWN = re.compile(
    r"\w+ /(auth/.*|upload.*|s3/params|me.*|health|openapi\.json|ops/.*|image/\{image_id\}/(events|similar)"
    r"|images(/(months|delete))?|albums|albums/\{album_id\}/links.*)"
    r"|(PATCH|DELETE) /(image|albums)/\{\w+\}|POST /albums/\{album_id\}/images"
    r"|DELETE /albums/\{album_id\}/images/\{image_id\}"
)


def operations():
    paths = yaml.safe_load((rendered.ROOT / "api/openapi.yaml").read_text(encoding="utf-8"))["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items()
            for method in methods if method in ("get", "put", "post", "patch", "delete")}


def throttles(environment):
    """Requests a second, by operation; `*` is all the others."""
    found = {}
    for values in environment.of("aws_api_gateway_method_settings").values():
        path, _, method = values["method_path"].rpartition("/")
        operation = "*" if path == "*" else f"{method} {path.replace('~1', '/')}"
        found[operation] = values["settings"][0]["throttling_rate_limit"]
    return found


def test_each_operation_says_what_it_reads():
    assert {each for each in operations() if not OWN.fullmatch(each)} == SHARED.keys()
    assert SHARED.keys() <= operations()


@pytest.mark.parametrize("operation", sorted(SHARED))
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_partition_bears_all_requests_that_a_route_lets_in(environments, name, operation):
    limits = throttles(environments[name])
    rate = limits.get(operation, limits["*"])
    assert SHARED[operation] * rate <= PARTITION, f"{SHARED[operation]} units, {rate} times a second"


def test_the_figures_are_the_codes():
    page = (rendered.ROOT / "src/gallery/page.rs").read_text(encoding="utf-8")
    assert f"const QUESTIONS: usize = {QUESTIONS};" in page and f"const LOOKED_AT: i32 = {LOOKED_AT};" in page


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_r55_a_burst_leaves_room_for_the_api(environments, name):
    """docs/adr/0007-the-queue-holds-the-rest.md"""
    environment = environments[name]
    in_flight = int(variables(environment, "orchestrator")["EXECUTIONS_IN_FLIGHT"])
    # Erasures are not part of a burst: they are rare, and a queue tries again after a refusal.
    found = environment.of("aws_lambda_event_source_mapping")
    mappings = [values["scaling_config"] for address, values in found.items() if "erasures" not in address]
    behind_queues = sum(scaling[0]["maximum_concurrency"] for scaling in mappings if scaling)
    streams = sum(not scaling for scaling in mappings)  # one call at a time for each shard of the table's stream
    assert 2 * in_flight <= NEW_ACCOUNT
    # At their peak all at once; the simulation counts how rarely that is.
    assert in_flight + behind_queues + streams <= NEW_ACCOUNT
    assert behind_queues == rules(NEW_ACCOUNT).uploads.sandboxes + rules(NEW_ACCOUNT).webhooks.sandboxes


def variables(environment, function):
    (values,) = (values for address, values in environment.of("aws_lambda_function").items()
                 if address.endswith(f'["{function}"]'))
    return values["environment"][0]["variables"]


def test_each_throttle_is_of_an_operation():
    text = (rendered.ROOT / "terraform/modules/stack/variables.tf").read_text(encoding="utf-8")
    named = re.findall(r'^    "((?:GET|POST|PUT|PATCH|DELETE) [^"]+)" += \{', text, re.MULTILINE)
    assert len(named) > 10 and set(named) <= operations()


def test_the_settings_and_the_simulation_agree_on_what_a_new_account_may():
    """`make simulate-burst CONCURRENCY=10` goes by half of the concurrency, and so does the default."""
    text = (rendered.ROOT / "terraform/modules/stack/variables.tf").read_text(encoding="utf-8")
    default = re.search(r'variable "executions_in_flight" \{.*?default += (\d+)', text, re.DOTALL)
    assert int(default[1]) == NEW_ACCOUNT // 2
    assert rules(NEW_ACCOUNT).pace.in_flight == NEW_ACCOUNT // 2
