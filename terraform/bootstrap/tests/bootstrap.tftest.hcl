# The state knows every resource of every environment. (Planned, never applied: the bucket refuses to be destroyed, by a
# test too.)

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/darkroom-api-gateway-logs-eu-central-1"
    }
  }
}

run "the_state_is_private_versioned_and_encrypted" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy &&
      aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets &&
      aws_s3_bucket_ownership_controls.state.rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "A state that others can read is a map for an intruder."
  }

  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "A broken state could not be brought back."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.bucket_key_enabled
    ])
    error_message = "The state is not encrypted with a key of the account."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : [statement.Effect, statement.Principal, statement.Action, statement.Condition]
    ] == [["Deny", "*", "s3:*", { Bool = { "aws:SecureTransport" = "false" } }]]
    error_message = "The policy must have one statement, which refuses plain http and grants nothing."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.state.rule : alltrue([for old in rule.noncurrent_version_expiration : old.newer_noncurrent_versions >= 20])
    ])
    error_message = "Of a state that changes often the last versions must stay, however old."
  }
}

run "deployers_get_a_policy_for_this_account" {
  command = plan

  assert {
    condition = (
      strcontains(aws_iam_policy.deployer.policy, "arn:aws:iam::111122223333:role/darkroom-*") &&
      length(regexall("[$]\\{", aws_iam_policy.deployer.policy)) == 0 && length(jsondecode(aws_iam_policy.deployer.policy).Statement) >= 10
    )
    error_message = "The deployer's policy does not name this account, or is not whole."
  }
}

run "the_regions_role_for_logs_can_be_another_stacks" {
  command = plan

  variables {
    api_gateway_logs = false
  }

  assert {
    condition     = length(aws_api_gateway_account.this) == 0 && length(aws_iam_role.api_logs) == 0
    error_message = "The region's setting would be taken from its owner."
  }
}

run "a_region_that_is_none_is_refused" {
  command = plan

  variables {
    region = "Frankfurt"
  }

  expect_failures = [var.region]
}
