"""What docs/SECURITY.md promises, broken on purpose: each property's test must turn red.

    make test-mutations            all of them, half an hour; each test is seen green before it is broken
    make test-mutations ONLY=r42   those whose test is called like that

tests/contract/test_security_table.py sees to it that each property of the table is broken here, and that what is to be
broken is still written like that.
"""

from typing import NamedTuple

MODULES = "terraform/modules"
POLICIES = "tests/terraform/test_policies.py"
CALLS = "tests/terraform/test_calls.py"
ENVIRONMENTS = "tests/terraform/test_environments.py"
SHIFT = "tests/tools/test_shift.py"


class Mutation(NamedTuple):
    test: str  # as in docs/SECURITY.md
    file: str
    old: str
    new: str


def of_module(module, run, old, new, file="main.tf"):
    test = f"{MODULES}/{module}/tests/{module}.tftest.hcl::{run}"
    return Mutation(test, f"{MODULES}/{module}/{file}", old, new)


KEY = "AKIA" + "B" * 16  # in two parts, or it would be found here

MUTATIONS = [
    # R10, R11: the queue
    of_module("messaging", "r10_retries_fit_and_the_dead_letter_queue_outlives_them",
              "= var.settings.max_receive_count\n", "= 1\n"),
    of_module("messaging", "r10_a_visibility_below_six_timeouts_is_refused", ">= 6 * var", ">= 1 * var"),
    of_module("messaging", "r10_a_dead_letter_queue_that_forgets_early_is_refused",
              "var.settings.dead_letter_retention_s == 1209600", "var.settings.dead_letter_retention_s > 0",
              "variables.tf"),
    of_module("messaging", "r10_the_queue_is_encrypted_with_our_key_and_its_dead_letters_with_another",
              "= var.kms_key_arn\n", "= null\n"),
    Mutation("tests/terraform/test_failure_domains.py::test_no_dead_letter_queue_shares_the_key_of_its_source",
             f"{MODULES}/webhooks/main.tf", "sqs_managed_sse_enabled   = true",
             "kms_master_key_id         = var.kms_key_arn"),
    of_module("messaging", "r10_both_queues_refuse_plain_http", '"aws:SecureTransport" = "false"',
              '"aws:SecureTransport" = "true"'),
    of_module("messaging", "r10_only_our_bucket_may_send", 'ArnEquals    = { "aws:SourceArn" = var.event',
              'ArnNotEquals = { "aws:SourceArn" = var.event'),
    of_module("messaging", "r11_load_queues_instead_of_being_throttled", "= var.settings.maximum_concurrency\n",
              "= 1000\n"),
    of_module("webhooks", "r10_both_webhook_queues_are_kept_encrypted_and_refuse_plain_http", "= var.kms_key_arn\n",
              "= null\n"),
    of_module("webhooks", "r10_both_webhook_queues_are_kept_encrypted_and_refuse_plain_http",
              '"aws:SecureTransport" = "false"', '"aws:SecureTransport" = "true"'),
    of_module("webhooks", "r10_only_our_rule_may_send_to_the_webhook_queues", 'ArnEquals    = { "aws:SourceArn"',
              'ArnNotEquals = { "aws:SourceArn"'),
    of_module("webhooks", "r10_a_visibility_below_six_timeouts_of_the_caller_is_refused", ">= 6 * var", ">= 1 * var"),
    of_module("webhooks", "a_receiver_that_is_down_makes_no_dead_letter",
              "> length(var.settings.retry_delays_s) + 1", "> 1", "variables.tf"),
    # R54: calls
    Mutation(f"{CALLS}::test_r54_what_the_functions_ask_is_allowed", f"{MODULES}/functions/roles.tf",
             'Sid = "ClaimRecord", Effect = "Allow", Action = "dynamodb:UpdateItem"',
             'Sid = "ClaimRecord", Effect = "Allow", Action = "dynamodb:PutItem"'),
    Mutation(f"{CALLS}::test_r54_what_services_ask_with_our_roles_is_allowed", f"{MODULES}/workflow/main.tf",
             'Action = "dynamodb:UpdateItem"', 'Action = "dynamodb:PutItem"'),
    Mutation(f"{CALLS}::test_r54_what_services_ask_in_their_own_name_is_allowed", f"{MODULES}/encryption/main.tf",
             'ArnEquals    = { "aws:SourceArn" = var.event_source',
             'ArnNotEquals = { "aws:SourceArn" = var.event_source'),
    Mutation(f"{CALLS}::test_r54_services_take_on_the_roles_that_are_for_them", f"{MODULES}/workflow/main.tf",
             'Service = "states.amazonaws.com"', 'Service = "lambda.amazonaws.com"'),
    Mutation(f"{CALLS}::test_r54_what_strangers_ask_is_refused", f"{MODULES}/messaging/main.tf",
             '"aws:SecureTransport" = "false"', '"aws:SecureTransport" = "never"'),
    Mutation(f"{CALLS}::test_r54_nothing_leaves_the_network_for_what_is_not_ours", f"{MODULES}/network/main.tf",
             '"${var.images_bucket_arn}/*"', '"*"'),
    Mutation(f"{CALLS}::test_r54_each_grant_names_resources_and_conditions_that_its_action_knows",
             f"{MODULES}/functions/roles.tf", 'Action = "events:PutEvents", Resource = var.resources.event_bus_arn',
             'Action = "events:PutEvents", Resource = var.resources.table_arn'),
    Mutation(f"{CALLS}::test_r54_what_is_granted_and_never_used_is_argued", f"{MODULES}/functions/roles.tf",
             'Sid = "WriteVariants", Effect = "Allow", Action = "s3:PutObject"',
             'Sid = "WriteVariants", Effect = "Allow", Action = ["s3:DeleteObject", "s3:PutObject"]'),
    # R41: roles
    Mutation(f"{POLICIES}::test_r41_every_permission_is_in_the_table", f"{MODULES}/functions/roles.tf",
             'Sid = "WriteVariants", Effect = "Allow", Action = "s3:PutObject"',
             'Sid = "WriteVariants", Effect = "Allow", Action = ["s3:DeleteObject", "s3:PutObject"]'),
    Mutation(f"{POLICIES}::test_r41_what_options_permit_beyond_is_in_a_table_of_its_own",
             f"{MODULES}/storage/replication.tf", '"s3:ReplicateObject", "s3:ReplicateTags"',
             '"s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"'),
    Mutation(f"{POLICIES}::test_r41_no_action_has_a_wildcard", f"{MODULES}/functions/roles.tf",
             'Sid = "WriteVariants", Effect = "Allow", Action = "s3:PutObject"',
             'Sid = "WriteVariants", Effect = "Allow", Action = "s3:Put*"'),
    Mutation(f"{POLICIES}::test_r41_only_documented_actions_name_every_resource", f"{MODULES}/functions/roles.tf",
             'Action = "s3:PutObject", Resource = "${local.images}/variants/*"',
             'Action = "s3:PutObject", Resource = "*"'),
    Mutation(f"{POLICIES}::test_r41_each_function_has_a_role_and_a_policy_of_its_own",
             f"{MODULES}/functions/roles.tf", 'name        = "${var.name_prefix}-${each.key}"',
             'name        = "${var.name_prefix}-shared"'),
    of_module("functions", "r41_each_function_takes_on_its_own_role",
              "role          = aws_iam_role.this[each.key].arn", 'role          = aws_iam_role.this["auth"].arn'),
    of_module("functions", "r41_a_wildcard_resource_is_refused", '&& !strcontains(arn, "*")', "", "variables.tf"),
    of_module("workflow", "r41_the_machine_invokes_three_aliases_and_updates_one_table",
              'Action = "dynamodb:UpdateItem"', 'Action = "dynamodb:PutItem"'),
    # R42: buckets
    of_module("storage", "r42_public_access_is_blocked_on_every_bucket", "block_public_policy     = true",
              "block_public_policy     = false"),
    of_module("storage", "r42_public_access_is_blocked_on_every_bucket", '"BucketOwnerEnforced"',
              '"BucketOwnerPreferred"'),
    of_module("storage", "r42_plain_http_is_refused", '"aws:SecureTransport" = "false"',
              '"aws:SecureTransport" = "true"'),
    of_module("storage", "r42_our_key_is_the_default_and_the_only_one",
              '{ "s3:x-amz-server-side-encryption" = "aws:kms" }', '{ "s3:x-amz-server-side-encryption" = "AES256" }'),
    of_module("storage", "r42_our_key_is_the_default_and_the_only_one", 'bucket_key_enabled = each.key != "logs"',
              "bucket_key_enabled = false"),
    of_module("storage", "r42_nobody_is_allowed_by_a_bucket_policy",
              'Sid       = "DenyOtherKeys"\n        Effect    = "Deny"',
              'Sid       = "DenyOtherKeys"\n        Effect    = "Allow"'),
    of_module("storage", "r42_versions_are_kept_and_then_expire", 'versioning_configuration {\n    status = "Enabled"',
              'versioning_configuration {\n    status = "Suspended"'),
    of_module("storage", "r42_versions_are_kept_and_then_expire", "days_after_initiation = 1",
              "days_after_initiation = 365"),
    of_module("storage", "r42_versions_are_kept_and_then_expire",
              "noncurrent_version_expiration {\n        noncurrent_days = 1",
              'transition {\n        days = 30\n        storage_class = "GLACIER"\n      }\n\n'
              "      noncurrent_version_expiration {\n        noncurrent_days = 1"),
    of_module("storage", "r42_browsers_come_from_named_origins", "allowed_origins = var.cors_origins",
              'allowed_origins = ["*"]'),
    of_module("storage", "r42_every_origin_at_once_is_refused", 'regex("^https?://[^*/]+$", origin)',
              'regex("^(https?://)?[^/]+$", origin)', "variables.tf"),
    of_module("storage", "r42_cloudfront_reads_what_it_serves_and_no_more", '{ images = "variants/*" }',
              '{ images = "*" }'),
    Mutation("tests/terraform/test_failure_domains.py::test_no_security_resource_waits_for_cloudfront",
             f"{MODULES}/stack/main.tf", "  serve_variants      = local.serve_variants\n",
             "  serve_variants      = length(module.delivery[0].variants_distribution_arns) > 0\n"),
    of_module("storage", "accesses_are_logged_where_only_s3_and_the_trail_may_write", "/s3/${key}/*", "/*", "logs.tf"),
    of_module("storage", "flows_and_requests_are_logged_for_our_network_and_distributions_only",
              "/vpc/AWSLogs/${var.account_id}/*", "/*", "logs.tf"),
    of_module("replica", "r42_copies_are_private_encrypted_and_versioned", 'status = "Enabled"\n  }\n}',
              'status = "Suspended"\n  }\n}'),
    Mutation("terraform/bootstrap/tests/bootstrap.tftest.hcl::the_state_is_private_versioned_and_encrypted",
             "terraform/bootstrap/main.tf", "restrict_public_buckets = true", "restrict_public_buckets = false"),
    Mutation("tests/terraform/test_code.py::test_each_environment_has_a_state_of_its_own",
             "terraform/environments/staging/versions.tf", "darkroom/staging/", "darkroom/dev/"),
    # R43: keys
    of_module("encryption", "r43_every_key_rotates_and_can_be_rescued", "enable_key_rotation     = var.rotate_keys",
              "enable_key_rotation     = false"),
    of_module("encryption", "r43_tokens_are_authenticated_by_the_named_roles_only",
              'ArnEquals = { "aws:PrincipalArn" = var.token', 'ArnNotEquals = { "aws:PrincipalArn" = var.token'),
    of_module("encryption", "r43_the_account_administers_but_does_not_use", '"kms:CancelKeyDeletion",',
              '"kms:CancelKeyDeletion", "kms:Decrypt",'),
    of_module("encryption", "r43_callers_must_come_through_the_service_and_from_this_account",
              '"kms:ViaService"    = "${service}', '"kms:ViaService"    = "*${service}'),
    of_module("encryption", "r43_s3_may_send_events_of_our_bucket_only",
              '{ Service = "s3.amazonaws.com" }\n    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]',
              '{ Service = "s3.amazonaws.com" }\n    Action    = ["kms:Decrypt"]'),
    of_module("encryption", "r43_eventbridge_may_send_events_of_our_rule_only",
              'ArnEquals    = { "aws:SourceArn" = var.event_rule_arn }',
              'ArnLike      = { "aws:SourceArn" = "arn:aws:events:*:*:rule/*" }'),
    Mutation(f"{POLICIES}::test_r43_services_are_let_in_for_our_account_only", f"{MODULES}/encryption/main.tf",
             '    Condition = {\n      StringEquals = { "aws:SourceAccount" = var.account_id }\n'
             '      ArnEquals    = { "aws:SourceArn" = var.event_source_bucket_arn }\n    }\n', ""),
    # R44: the network
    Mutation(f"{ENVIRONMENTS}::test_r44_there_is_no_way_out", f"{MODULES}/network/main.tf",
             "# Only the local route and", 'resource "aws_internet_gateway" "out" {\n  vpc_id = aws_vpc.this.id\n}\n\n'
             "# Only the local route and"),
    Mutation(f"{ENVIRONMENTS}::test_r44_each_function_that_asks_for_it_is_in_the_network",
             f"{MODULES}/functions/main.tf", "each.value.vpc && var.vpc != null ?", 'each.key == "resize" ?'),
    Mutation(f"{ENVIRONMENTS}::test_r44_the_price_of_the_network_is_the_one_written_down",
             "terraform/environments/dev/main.tf", "interface_endpoint_zone_count = 1",
             "interface_endpoint_zone_count = 3"),
    of_module("network", "r44_endpoints_lead_to_our_things_only", 'Resource  = "${var.images_bucket_arn}/*"',
              'Resource  = "*"'),
    of_module("network", "r44_functions_reach_prefix_lists_and_endpoints_on_443",
              "prefix_list_id    = each.value.prefix_list_id", 'cidr_ipv4         = "0.0.0.0/0"'),
    of_module("functions", "r44_functions_of_the_network_run_in_it_and_their_code_cannot_touch_it",
              'Sid    = "TheCodeItselfMustNot"\n        Effect = "Deny"',
              'Sid    = "TheCodeItselfMustNot"\n        Effect = "Allow"', "roles.tf"),
    Mutation(f"{ENVIRONMENTS}::test_flows_and_requests_are_on_record", f"{MODULES}/network/main.tf",
             'traffic_type             = "ALL"', 'traffic_type             = "REJECT"'),
    # R45, R46: environments
    Mutation(f"{ENVIRONMENTS}::test_r45_two_environments_stand_in_one_account", f"{MODULES}/observability/main.tf",
             'name              = "${var.name_prefix}-alarms"', 'name              = "darkroom-alarms"'),
    Mutation(f"{ENVIRONMENTS}::test_r46_prod_loses_nothing_by_a_slip", "terraform/environments/prod/main.tf",
             "force_destroy       = false", "force_destroy       = true"),
    of_module("storage", "r46_images_survive_a_careless_destroy", "force_destroy = var.force_destroy",
              "force_destroy = true"),
    of_module("metadata", "r46_records_survive_mistakes", "= var.deletion_protection\n", "= false\n"),
    of_module("identity", "r46_accounts_survive_a_careless_destroy", '? "ACTIVE" : "INACTIVE"',
              '? "INACTIVE" : "INACTIVE"'),
    Mutation("tests/tools/test_operate.py::test_prod_must_be_typed", "tools/darkroom/deploy/operate.py",
             'if destroy or name == "prod" else', "if destroy else"),
    # R47: code without an apply
    of_module("functions", "r47_everything_is_invoked_through_the_alias", 'name             = "live"',
              'name             = "newest"'),
    Mutation(f"{SHIFT}::test_terraform_never_undoes_it", f"{MODULES}/functions/main.tf",
             "ignore_changes = [function_version, routing_config]", "ignore_changes = [routing_config]"),
    Mutation(f"{SHIFT}::test_an_alarm_takes_the_release_back", "tools/darkroom/deploy/shift.py",
             'if state == "ALARM"} - self.rang_before', 'if state == "NEVER"} - self.rang_before'),
    Mutation(f"{SHIFT}::test_where_nobody_watches_any_more_nothing_is_tried", "tools/darkroom/deploy/shift.py",
             "except BaseException as reason:", "except Failure as reason:"),
    # The rest of the table
    of_module("api", "r33_every_route_asks_for_a_user_but_the_ones_that_make_one",
              'each.value.authorized ? "COGNITO_USER_POOLS" : "NONE"', '"NONE"'),
    of_module("api", "routes_follow_the_openapi_file", "/${var.environment}/*", "/*"),
    of_module("api", "the_firewall_stands_before_the_stage_and_blocks_guesses", "= 100\n        evaluation",
              "= 10000\n        evaluation", "edge.tf"),
    of_module("api", "r35_logs_hold_no_secrets_and_one_client_cannot_spend_the_quota", "data_trace_enabled = false",
              "data_trace_enabled = true"),
    of_module("audit", "the_log_is_encrypted_and_chained", "enable_log_file_validation = true",
              "enable_log_file_validation = false"),
    Mutation(f"{ENVIRONMENTS}::test_accesses_to_photos_are_on_record", f"{MODULES}/stack/main.tf",
             "[local.arns.originals_bucket, local.arns.images_bucket]", "[local.arns.originals_bucket]"),
    of_module("delivery", "the_headers_are_strict", 'frame_option = "DENY"', 'frame_option = "SAMEORIGIN"'),
    of_module("delivery", "variants_need_a_signed_url", "= [aws_cloudfront_key_group.variants[0].id]", "= []",
              "variants.tf"),
    of_module("edge_logs", "r35_signatures_and_cookies_stay_out_of_the_log", '"cs-uri-stem",',
              '"cs-uri-stem", "cs-uri-query",'),
    Mutation("tests/terraform/test_code.py::test_no_secret_is_in_the_repository", "CHANGELOG.md", "# Changelog\n",
             f"# Changelog\n\n{KEY}\n"),
    Mutation("tests/terraform/test_checkov.py::test_checkov_finds_nothing_that_is_not_argued",
             f"{MODULES}/audit/main.tf", "  kms_key_id     = var.kms_key_arn\n", ""),
]
