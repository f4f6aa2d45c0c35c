"""R44–R46: the resources of each environment, and that two environments exist side by side."""

import json
import re
from itertools import combinations

import pytest

import rendered
from conftest import DEMANDED, ENVIRONMENTS
from darkroom.cost import month

# What names a resource within an account and region, by the attribute that carries the name.
NAMES = {
    "aws_api_gateway_rest_api": "name",
    "aws_budgets_budget": "name",
    "aws_cloudfront_function": "name",
    "aws_cloudfront_origin_access_control": "name",
    "aws_cloudfront_response_headers_policy": "name",
    "aws_cloudtrail": "name",
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_cloudwatch_event_bus": "name",
    "aws_cloudwatch_event_rule": "name",
    "aws_cloudwatch_log_delivery_destination": "name",
    "aws_cloudwatch_log_delivery_source": "name",
    "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_query_definition": "name",
    "aws_cognito_user_pool": "name",
    "aws_dynamodb_table": "name",
    "aws_iam_role": "name",
    "aws_kms_alias": "name",
    "aws_lambda_function": "function_name",
    "aws_s3_bucket": "bucket",
    "aws_security_group": "name",
    "aws_sfn_state_machine": "name",
    "aws_sns_topic": "name",
    "aws_sqs_queue": "name",
    "aws_wafv2_web_acl": "name",
}
# These have no name of their own in the account: they are known by what they belong to, or by an id.
NAMELESS = re.compile(
    r"aws_(api_gateway_(?!rest_api)\w+|cloudfront_distribution|cloudwatch_event_target|cloudwatch_log_delivery"
    r"|cognito_user_(group|pool_client)|default_security_group|flow_log|iam_role_policy|kms_key|lambda_(alias|permission|event_source_mapping)|route_table\w*|s3_bucket_\w+|sfn_alias"
    r"|sns_topic_\w+|subnet|vpc\w*|wafv2_web_acl_association)"
)
COST = rendered.ROOT / "docs/COST.md"
STANDING = rendered.ROOT / "tools/darkroom/cost/standing.json"


def names(environment):
    return {
        (kind, values[NAMES[kind]]) for kind, values in environment.resources.values() if kind in NAMES
    }


def test_r45_two_environments_stand_in_one_account(environments):
    for one, other in combinations(environments.values(), 2):
        assert names(one) & names(other) == set()


def test_r45_every_kind_of_resource_was_looked_at(environments):
    kinds = {kind for environment in environments.values() for kind, _ in environment.resources.values()}
    assert {kind for kind in kinds if kind not in NAMES and not NAMELESS.fullmatch(kind)} == set()


def test_r45_every_name_says_whose_it_is(environments):
    for environment in environments.values():
        strangers = [name for _, name in names(environment) if f"darkroom-{environment.name}" not in name]
        assert strangers == []


def test_r44_there_is_no_way_out(environments):
    ways = ("aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_egress_only_internet_gateway", "aws_route",
            "aws_vpc_peering_connection", "aws_ec2_transit_gateway_vpc_attachment", "aws_vpn_gateway")
    for environment in environments.values():
        assert environment.of(*ways) == {}
        assert len(environment.of("aws_vpc_endpoint")) == 3


def test_r44_each_function_that_asks_for_it_is_in_the_network(environments):
    for environment in environments.values():
        for address, values in environment.of("aws_lambda_function").items():
            name = re.search(r'\["(.+)"\]', address)[1]
            assert bool(values["vpc_config"]) == rendered.FUNCTIONS[name]["vpc"], name


def test_r44_the_price_of_the_network_is_the_one_written_down(environments, same_as_file):
    """`make cost` and docs/COST.md count with this file: the network, and all else that costs while it is idle."""
    standing = {name: json.dumps(what_stands(environment)) for name, environment in environments.items()}
    same_as_file(STANDING, "{\n" + ",\n".join(f'  "{name}": {said}' for name, said in standing.items()) + "\n}\n")


def what_stands(environment):
    endpoints = environment.of("aws_vpc_endpoint").values()
    keys = environment.of("aws_kms_key").values()
    firewalls = environment.of("aws_wafv2_web_acl").values()
    mappings = environment.of("aws_lambda_event_source_mapping").values()
    return {
        "endpoint_zones": sum(len(each["subnet_ids"]) for each in endpoints if each["vpc_endpoint_type"] != "Gateway"),
        "keys": len(keys),
        "rotating_keys": sum(bool(each["enable_key_rotation"]) for each in keys),
        "alarms": len(environment.of("aws_cloudwatch_metric_alarm")),
        "firewalls": len(firewalls),
        "firewall_rules": sum(len(each["rule"]) for each in firewalls),
        "polled_queues": sum(":sqs:" in each["event_source_arn"] for each in mappings),
    }


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_quiet_month_rings_no_budget(environments, name):
    """The first alarm is at 80 %: an idle environment must stay below it, also when each key was rotated twice."""
    (budget,) = environments[name].of("aws_budgets_budget").values()
    assert month.total(month.standing(name)) + month.rotations(name) < 0.8 * float(budget["limit_amount"])
    assert f"{budget['limit_amount']} in {name}" in COST.read_text(encoding="utf-8")


def test_r46_prod_loses_nothing_by_a_slip(environments):
    prod = environments["prod"]
    assert all(not values["force_destroy"] for values in prod.of("aws_s3_bucket").values())
    (table,) = prod.of("aws_dynamodb_table").values()
    assert table["deletion_protection_enabled"] and table["point_in_time_recovery"][0]["enabled"]
    (pool,) = prod.of("aws_cognito_user_pool").values()
    assert pool["deletion_protection"] == "ACTIVE"
    for values in prod.of("aws_kms_key").values():
        assert values["deletion_window_in_days"] == 30
        # KMS rotates no HMAC keys.
        assert values["enable_key_rotation"] or values["customer_master_key_spec"] == "HMAC_256"
    for values in prod.of("aws_cloudwatch_log_group").values():
        assert values["retention_in_days"] == 365 and values["kms_key_id"]
    for machine in prod.of("aws_sfn_state_machine").values():
        assert not machine["logging_configuration"][0]["include_execution_data"]


def test_a_second_factor_locks_no_user_out(environments):
    """docs/adr/0028-prods-defaults.md: sign-in answers no challenge."""
    for environment in environments.values():
        (pool,) = environment.of("aws_cognito_user_pool").values()
        assert (pool["mfa_configuration"], pool["user_pool_tier"]) == ("OFF", "ESSENTIALS"), environment.name


def test_in_prod_alarms_are_mailed_and_codes_are_sent_by_ses(environments):
    prod = environments["prod"]
    assert [values["protocol"] for values in prod.of("aws_sns_topic_subscription").values()] == ["email"]
    (pool,) = prod.of("aws_cognito_user_pool").values()
    assert pool["email_configuration"][0]["email_sending_account"] == "DEVELOPER"


@pytest.mark.parametrize("missing", sorted(DEMANDED["prod"]))
def test_prod_is_refused_without_what_it_demands(provider, tmp_path, missing):
    code = rendered.copy_of_the_code(tmp_path)
    with pytest.raises(AssertionError, match=f"{missing} must"):
        rendered.render(code, "prod", {name: value for name, value in DEMANDED["prod"].items() if name != missing})


def test_accesses_to_photos_are_on_record(environments):
    for environment in environments.values():
        (trail,) = environment.of("aws_cloudtrail").values()
        buckets = {values["bucket"] for values in environment.of("aws_s3_bucket").values()}
        watched = {
            arn.removeprefix("arn:aws:s3:::").rstrip("/")
            for selector in trail["advanced_event_selector"]
            for field in selector["field_selector"]
            if field["field"] == "resources.ARN"
            for arn in field["starts_with"]
        }
        assert watched == {name for name in buckets if "-originals-" in name or "-images-" in name}
        assert trail["enable_log_file_validation"] and trail["kms_key_id"].endswith(":key/audit")


def test_flows_and_requests_are_on_record(environments):
    """In the bucket whose policy lets in just these sources."""
    for environment in environments.values():
        (flows,) = environment.of("aws_flow_log").values()
        (requests,) = environment.of("aws_cloudwatch_log_delivery_destination").values()
        bucket = f"arn:aws:s3:::darkroom-{environment.name}-logs-{rendered.ACCOUNT}"
        assert (flows["traffic_type"], flows["log_destination"]) == ("ALL", f"{bucket}/vpc")
        assert requests["delivery_destination_configuration"][0]["destination_resource_arn"] == f"{bucket}/cloudfront"
        sources = {values["name"]: values["resource_arn"]
                   for values in environment.of("aws_cloudwatch_log_delivery_source").values()}
        assert sources.keys() == {f"darkroom-{environment.name}-web"}
        served = {values["arn"] for values in environment.of("aws_cloudfront_distribution").values()}
        assert served == set(sources.values())


def test_the_firewall_of_the_api_stands_before_its_stage(environments):
    prod = environments["prod"]
    (stage,) = prod.of("aws_api_gateway_stage").values()
    behind = prod.of("aws_wafv2_web_acl_association")["module.api.aws_wafv2_web_acl_association.this[0]"]
    assert behind["resource_arn"] == stage["arn"]


def test_no_cache_answers_for_another_accept(environments):
    """A cache of the gateway would answer format=auto for every client as for the first."""
    for environment in environments.values():
        (stage,) = environment.of("aws_api_gateway_stage").values()
        settings = [one["settings"][0] for one in environment.of("aws_api_gateway_method_settings").values()]
        assert settings and not stage["cache_cluster_enabled"], environment.name
        assert not any(each["caching_enabled"] for each in settings), environment.name


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_docs_show_what_stands(environments, same_as_file, name):
    same_as_file(rendered.ROOT / f"docs/environments/{name}.txt", tree(environments[name]))


def tree(environment):
    """Modules, below them kinds of resources, with the keys of those that are many."""
    modules = {}
    for address, (kind, _) in environment.resources.items():
        module, _, rest = address.rpartition(f"{kind}.")
        module = re.sub(r"\[\d+\]|module\.", "", module).strip(".")
        name, _, key = rest.partition("[")
        modules.setdefault(module, {}).setdefault(f"{kind}.{name}", []).append(key.rstrip("]").strip('"'))
    lines = [f"darkroom-{environment.name}: {len(environment.resources)} resources", ""]
    for module, kinds in sorted(modules.items()):
        lines.append(f"{module} ({sum(map(len, kinds.values()))})")
        for kind, keys in sorted(kinds.items()):
            named = ", ".join(sorted(key for key in keys if key and not key.isdigit()))
            lines.append(f"  {kind}" + (f": {named}" if named else ""))
        lines.append("")
    return "\n".join(lines)
