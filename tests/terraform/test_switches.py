"""Each switch that the laptop's environment turns hides a part of AWS: a named test covers that part."""

import re

import pytest

import rendered
from darkroom import hcl

ENVIRONMENTS = rendered.ROOT / "terraform/environments"
STACK = rendered.ROOT / "terraform/modules/stack"


def module_test(module, run):
    return f"terraform/modules/{module}/tests/{module}.tftest.hcl::{run}"


STAND_INS = {
    "api_route_throttles": [module_test("stack", "dev")],
    "architecture": [module_test("functions", "functions_are_what_the_binaries_are_built_for")],
    "audit": ["tests/terraform/test_environments.py::test_accesses_to_photos_are_on_record",
              module_test("audit", "the_log_is_encrypted_and_chained")],
    "cors_origins": [module_test("storage", "r42_no_origin_means_no_cors")],
    "encrypt_logs": [module_test("functions", "logs_expire_and_are_encrypted"),
                     module_test("encryption", "r43_logs_are_pinned_to_this_environments_groups")],
    "executions_in_flight": ["tests/terraform/test_capacity.py::test_r55_a_burst_leaves_room_for_the_api",
                             "lambdas/orchestrator/src/pace/places.rs::r55_so_many_start_and_no_more_until_one_has_ended"],
    "import_batches": ["lambdas/bring/src/work.rs::a_batch_of_aws_and_an_object_of_the_engine_are_read",
                       module_test("imports", "r55_batches_are_handed_out_a_few_at_a_time")],
    "import_buckets": [module_test("imports", "r41_the_machine_lists_named_buckets_and_reads_no_photo"),
                       "tests/terraform/test_calls.py::test_r54_what_the_functions_ask_is_allowed"],
    "lifecycle_rules": [module_test("storage", "r42_versions_are_kept_and_then_expire")],
    "observability": [module_test("observability", "r50_every_way_to_fail_has_an_alarm"),
                      module_test("observability", "only_our_alarms_reach_the_topic")],
    "placeholder_in_bucket": [module_test("functions", "the_placeholder_comes_with_each_function")],
    "point_in_time_recovery": [module_test("metadata", "r46_records_survive_mistakes")],
    "private_network": ["tests/terraform/test_environments.py::test_r44_there_is_no_way_out",
                        module_test("network", "r44_endpoints_lead_to_our_things_only"),
                        module_test("network", "r44_functions_reach_prefix_lists_and_endpoints_on_443")],
    "publish_workflow": [
        module_test("functions", "r41_executions_start_through_the_alias_of_a_machine_that_goes_by_its_own_arn"),
        module_test("workflow", "r19_executions_are_logged_without_their_data_traced_and_versioned")],
    "reads_heic": ["tests/contract/test_features.py::test_each_program_passes_heic_on_and_has_no_other_default",
                   "src/domain/settings.rs::heic_may_be_declared_where_it_is_read",
                   "src/imaging/sniff.rs::r20_heic_is_read_or_refused_by_its_name_as_the_build_says"],
    "refuse_unnamed_keys": [module_test("storage", "r42_our_key_is_the_default_and_the_only_one")],
    "require_tls": [module_test("storage", "r42_plain_http_is_refused"),
                    module_test("queue", "r10_both_queues_refuse_plain_http")],
    "rotate_keys": [module_test("encryption", "r43_every_key_rotates_and_can_be_rescued")],
    "sqs_endpoint": [module_test("stack", "dev")],
    "token_key_names_roles": [module_test("encryption", "r43_tokens_are_authenticated_by_the_named_roles_only")],
    "tracing": [module_test("functions", "r41_tracing_adds_two_actions_and_nothing_else"),
                module_test("state_machine", "r19_what_is_switched_off_needs_no_permission")],
    "web_delivery": [module_test("storage", "r42_cloudfront_reads_what_it_serves_and_no_more"),
                     module_test("encryption", "r43_cloudfront_decrypts_what_it_serves_for_our_account_only"),
                     module_test("delivery", "the_bucket_is_asked_with_a_signature_always")],
    "webhook_trusted_hosts": ["lambdas/webhook/src/address.rs::the_internet_is_public",
                              "lambdas/webhook/src/post/tests.rs::a_public_name_that_leads_inside_is_not_called"],
    "workflow_logging": [module_test("state_machine", "r19_what_is_switched_off_needs_no_permission")],
}


def stack_of(environment):
    """What a root tells the stack: argument → text."""
    file = hcl.parse((ENVIRONMENTS / environment / "main.tf").read_text(encoding="utf-8"))
    (stack,) = (block for block in file.blocks if block.kind == "module" and block.labels == ("stack",))
    return stack.arguments


def switches():
    """What the laptop sets to something else than the default, and no environment of AWS sets by itself. (One that
    hands on a variable leaves it to a person.)"""
    variables = hcl.parse((STACK / "variables.tf").read_text(encoding="utf-8")).blocks
    defaults = {block.labels[0]: block.arguments["default"] for block in variables if "default" in block.arguments}
    aws = [stack_of(name) for name in ("dev", "staging", "prod")]
    set_on_aws = {name for arguments in aws for name, text in arguments.items() if not text.startswith("var.")}
    asked_of_people = {name for arguments in aws for name, text in arguments.items() if text == f"var.{name}"}
    return {name for name, text in stack_of("local").items()
            if name in defaults and text != defaults[name] and name not in set_on_aws
            and not (text == f"var.{name}" and name in asked_of_people)}


def test_each_switch_of_the_laptop_has_a_test_that_stands_for_what_it_hides():
    assert switches() == STAND_INS.keys()


@pytest.mark.parametrize("test", sorted({test for tests in STAND_INS.values() for test in tests}))
def test_each_of_them_is_there(test):
    file, _, name = test.partition("::")
    kind = {"hcl": r'^run "{}" \{{$', "py": r"^def {}\(", "rs": r"^ *(?:async )?fn {}\("}[file.rpartition(".")[2]]
    text = (rendered.ROOT / file).read_text(encoding="utf-8")
    assert re.search(kind.format(name), text, re.MULTILINE), f"{file} has no test {name}"


def test_a_new_switch_would_be_found(monkeypatch):
    arguments = stack_of("local")
    monkeypatch.setattr("test_switches.stack_of", lambda name: arguments | {"api_access_logs": "false"}
                        if name == "local" else {})
    assert "api_access_logs" in switches() and "api_access_logs" not in STAND_INS
