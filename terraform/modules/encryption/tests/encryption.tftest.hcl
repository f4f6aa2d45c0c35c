# R43: who may use which key, and through what.

mock_provider "aws" {}

variables {
  name_prefix             = "darkroom-test"
  account_id              = "111122223333"
  region                  = "eu-central-1"
  event_source_bucket_arn = "arn:aws:s3:::darkroom-test-originals-111122223333"
  event_rule_arn          = "arn:aws:events:eu-central-1:111122223333:rule/darkroom-test/darkroom-test-webhooks"
  log_group_arn_patterns  = ["arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/darkroom-test*"]
  token_role_arns         = ["arn:aws:iam::111122223333:role/darkroom-test-images"]
}

run "r43_every_key_rotates_and_can_be_rescued" {
  command = plan

  assert {
    condition     = toset(keys(aws_kms_key.this)) == toset(["logs", "messaging", "metadata", "storage"])
    error_message = "There must be one key per kind of data."
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.enable_key_rotation])
    error_message = "Every key must rotate."
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.deletion_window_in_days == 30])
    error_message = "A deleted key must be rescuable for 30 days unless an environment says otherwise."
  }
}

run "r43_the_account_administers_but_does_not_use" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for key in aws_kms_key.this : [
        for statement in jsondecode(key.policy).Statement : [
          for action in flatten([statement.Action]) :
          !contains(["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant"], action)
        ] if !can(statement.Condition)
      ]
    ]))
    error_message = "A statement without a condition allows the use of a key."
  }

  assert {
    condition = alltrue(flatten([
      for key in aws_kms_key.this : [
        for statement in jsondecode(key.policy).Statement : [
          for action in flatten([statement.Action]) : !strcontains(action, "*")
        ]
      ]
    ]))
    error_message = "A key policy names an action with a wildcard."
  }
}

run "r43_callers_must_come_through_the_service_and_from_this_account" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for key in aws_kms_key.this : [
        for statement in jsondecode(key.policy).Statement :
        statement.Condition.StringEquals["kms:CallerAccount"] == "111122223333" &&
        endswith(statement.Condition.StringEquals["kms:ViaService"], ".eu-central-1.amazonaws.com")
        if can(statement.Principal.AWS) && can(statement.Condition)
      ]
    ]))
    error_message = "A caller may use a key without naming the account and the service."
  }

  assert {
    condition = {
      for name, key in aws_kms_key.this : name => [
        for statement in jsondecode(key.policy).Statement : statement.Condition.StringEquals["kms:ViaService"]
        if can(statement.Condition.StringEquals["kms:ViaService"])
      ]
      } == {
      logs      = []
      messaging = ["sqs.eu-central-1.amazonaws.com"]
      metadata  = ["dynamodb.eu-central-1.amazonaws.com"]
      storage   = ["s3.eu-central-1.amazonaws.com"]
    }
    error_message = "A key is open to another service than its own."
  }

  # An anonymous-looking principal is only bearable with the account pinned.
  assert {
    condition = alltrue(flatten([
      for key in aws_kms_key.this : [
        for statement in jsondecode(key.policy).Statement :
        try(statement.Condition.StringEquals["kms:CallerAccount"], null) == "111122223333"
        if try(statement.Principal.AWS, null) == "*"
      ]
    ]))
    error_message = "A key is open to the world."
  }
}

run "r43_callers_encrypt_and_decrypt_and_do_nothing_else" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for name in ["messaging", "storage"] : [
        for statement in jsondecode(aws_kms_key.this[name].policy).Statement :
        toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey"])
        if can(statement.Condition.StringEquals["kms:ViaService"])
      ]
    ]))
    error_message = "S3 and SQS ask for two actions on behalf of a caller; a third would never be used."
  }
}

run "r43_s3_may_send_events_of_our_bucket_only" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_kms_key.this["messaging"].policy).Statement : statement
      if try(statement.Principal.Service, null) == "s3.amazonaws.com"
      ] == [{
        Sid       = "S3SendsEventsToTheQueue"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::darkroom-test-originals-111122223333" }
        }
    }]
    error_message = "Without this grant S3 drops events silently; without its conditions any bucket may use the key."
  }
}

run "r43_eventbridge_may_send_events_of_our_rule_only" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_kms_key.this["messaging"].policy).Statement : statement
      if try(statement.Principal.Service, null) == "events.amazonaws.com"
      ] == [{
        Sid       = "EventBridgeSendsEventsToTheQueue"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnEquals    = { "aws:SourceArn" = "arn:aws:events:eu-central-1:111122223333:rule/darkroom-test/darkroom-test-webhooks" }
        }
    }]
    error_message = "Without this grant announcements never reach the queue; without its conditions any rule may use the key."
  }
}

run "r43_only_this_environments_alarms_use_the_key" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_kms_key.this["logs"].policy).Statement : statement.Condition
      if try(statement.Principal.Service, null) == "cloudwatch.amazonaws.com"
      ] == [{
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:darkroom-test-*" }
    }]
    error_message = "Alarms must reach their encrypted topic, and nothing else may use the key for it."
  }
}

run "r43_logs_are_pinned_to_this_environments_groups" {
  command = plan

  assert {
    condition = jsonencode([
      for statement in jsondecode(aws_kms_key.this["logs"].policy).Statement :
      statement.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"]
      if try(statement.Principal.Service, null) == "logs.eu-central-1.amazonaws.com"
    ]) == jsonencode([var.log_group_arn_patterns])
    error_message = "The logs key must serve the log groups of this environment and no others."
  }
}

run "r43_tokens_are_authenticated_by_the_named_roles_only" {
  command = plan

  assert {
    condition = jsonencode([
      for statement in jsondecode(aws_kms_key.tokens.policy).Statement : [statement.Action, statement.Condition]
      if can(statement.Condition)
    ]) == jsonencode([["kms:GenerateMac", { ArnEquals = { "aws:PrincipalArn" = var.token_role_arns } }]])
    error_message = "Only these roles may have keys derived, and they may do nothing else with the key."
  }

  assert {
    condition = (
      aws_kms_key.tokens.customer_master_key_spec == "HMAC_256" && aws_kms_key.tokens.key_usage == "GENERATE_VERIFY_MAC" &&
      aws_kms_key.tokens.deletion_window_in_days == 30
    )
    error_message = "The key of tokens must be an HMAC key that can be rescued."
  }
}

run "refuses_a_role_pattern" {
  command = plan

  variables {
    token_role_arns = ["arn:aws:iam::111122223333:role/*"]
  }

  expect_failures = [var.token_role_arns]
}

run "refuses_a_rule_pattern" {
  command = plan

  variables {
    event_rule_arn = "arn:aws:events:eu-central-1:111122223333:rule/*"
  }

  expect_failures = [var.event_rule_arn]
}

run "refuses_a_bucket_pattern" {
  command = plan

  variables {
    event_source_bucket_arn = "arn:aws:s3:::*"
  }

  expect_failures = [var.event_source_bucket_arn]
}

run "r43_cloudfront_decrypts_what_it_serves_for_our_account_only" {
  command = plan

  variables {
    web_delivery   = true
    serve_variants = true
  }

  assert {
    condition = {
      for name, key in aws_kms_key.this : name => [
        for statement in jsondecode(key.policy).Statement : [statement.Action, statement.Condition.ArnLike["aws:SourceArn"]]
        if try(statement.Principal.Service, null) == "cloudfront.amazonaws.com"
      ]
      } == {
      logs      = []
      messaging = []
      metadata  = []
      storage   = [["kms:Decrypt", "arn:aws:cloudfront::111122223333:distribution/*"]]
      web       = [["kms:Decrypt", "arn:aws:cloudfront::111122223333:distribution/*"]]
    }
    error_message = "The keys of what CloudFront serves must serve our account's distributions, and only for reading."
  }
}

run "r43_cloudfront_decrypts_no_variants_unless_it_serves_them" {
  command = plan

  variables {
    web_delivery = true
  }

  assert {
    condition     = !strcontains(aws_kms_key.this["storage"].policy, "cloudfront") && strcontains(aws_kms_key.this["web"].policy, "cloudfront")
    error_message = "CloudFront has no business with a key of what it does not serve."
  }
}

run "r43_the_trail_encrypts_with_a_key_of_its_own" {
  command = plan

  variables {
    trail_arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/darkroom-test-audit"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_kms_key.this["audit"].policy).Statement : statement
      if try(statement.Principal.Service, null) == "cloudtrail.amazonaws.com"
      ] == [{
        Sid       = "CloudTrailEncryptsItsLog"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["kms:DescribeKey", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = "111122223333"
            "aws:SourceArn"     = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/darkroom-test-audit"
          }
        }
    }]
    error_message = "The trail must be able to write, and no other trail."
  }

  assert {
    condition     = aws_kms_key.this["audit"].enable_key_rotation
    error_message = "Every key must rotate."
  }
}

run "refuses_a_trail_pattern" {
  command = plan

  variables {
    trail_arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/*"
  }

  expect_failures = [var.trail_arn]
}
