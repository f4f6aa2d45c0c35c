# R10 for the second queue: it loses nothing, admits its rule only, and no user's server fills its dead letters.

mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:111122223333:a-queue"
    }
  }
}

variables {
  name_prefix      = "darkroom-test"
  account_id       = "111122223333"
  region           = "eu-central-1"
  kms_key_arn      = "arn:aws:kms:eu-central-1:111122223333:key/messaging"
  bus_name         = "darkroom-test"
  caller_alias_arn = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-webhook:live"
  caller_timeout_s = 30
  settings = {
    visibility_timeout_s    = 180
    max_receive_count       = 12
    retention_s             = 345600
    dead_letter_retention_s = 1209600
    batch_size              = 10
    maximum_concurrency     = 10
    retry_delays_s          = [5, 30, 300]
  }
}

run "every_announcement_comes_to_the_queue_or_is_kept" {
  assert {
    condition = (
      aws_cloudwatch_event_rule.this.event_bus_name == "darkroom-test" &&
      jsondecode(aws_cloudwatch_event_rule.this.event_pattern) == { source = ["darkroom"] } &&
      aws_cloudwatch_event_target.queue.arn == aws_sqs_queue.webhooks.arn
    )
    error_message = "The rule must send every event that Darkroom puts onto its bus to the queue."
  }

  assert {
    condition     = one(aws_cloudwatch_event_target.queue.dead_letter_config).arn == aws_sqs_queue.dead_letter.arn
    error_message = "An event that the queue refuses must be kept."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.webhooks.redrive_policy) == {
      deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
      maxReceiveCount     = 12
    }
    error_message = "An event that the function cannot handle must become a dead letter."
  }
}

run "r10_both_webhook_queues_are_kept_encrypted_and_refuse_plain_http" {
  command = plan

  assert {
    condition = alltrue([
      for name, queue in { "darkroom-test-webhooks" = aws_sqs_queue.webhooks, "darkroom-test-webhooks-dlq" = aws_sqs_queue.dead_letter } :
      contains(jsondecode(queue.policy).Statement, {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:eu-central-1:111122223333:${name}"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      })
    ])
    error_message = "A queue answers without TLS."
  }

  assert {
    condition = (
      aws_sqs_queue.webhooks.kms_master_key_id == var.kms_key_arn &&
      aws_sqs_queue.dead_letter.kms_master_key_id == null && aws_sqs_queue.dead_letter.sqs_managed_sse_enabled
    )
    error_message = "The queue is encrypted with the customer managed key, and its dead letters with one that does not fail with it."
  }

  assert {
    condition = (
      aws_sqs_queue.dead_letter.message_retention_seconds == 1209600 && aws_sqs_queue.webhooks.message_retention_seconds == 345600 &&
      aws_sqs_queue.webhooks.visibility_timeout_seconds == 180
    )
    error_message = "The queues must keep messages for as long as the settings say."
  }
}

run "r10_only_our_rule_may_send_to_the_webhook_queues" {
  command = plan

  assert {
    condition = alltrue([
      for name, queue in { "darkroom-test-webhooks" = aws_sqs_queue.webhooks, "darkroom-test-webhooks-dlq" = aws_sqs_queue.dead_letter } :
      [for statement in jsondecode(queue.policy).Statement : statement if statement.Effect == "Allow"] == [{
        Sid       = "RuleSends"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:eu-central-1:111122223333:${name}"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnEquals    = { "aws:SourceArn" = "arn:aws:events:eu-central-1:111122223333:rule/darkroom-test/darkroom-test-webhooks" }
        }
      }]
    ])
    error_message = "A queue must admit EventBridge for our rule in our account, and no other sender."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dead_letter.redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-central-1:111122223333:darkroom-test-webhooks"]
    }
    error_message = "The dead-letter queue must accept from its queue only."
  }
}

run "r06_one_webhook_does_not_fail_the_others" {
  command = plan

  assert {
    condition = (
      toset(aws_lambda_event_source_mapping.caller.function_response_types) == toset(["ReportBatchItemFailures"]) &&
      aws_lambda_event_source_mapping.caller.function_name == var.caller_alias_arn &&
      aws_lambda_event_source_mapping.caller.scaling_config[0].maximum_concurrency == 10
    )
    error_message = "The mapping must take partial batch responses, feed the alias and cap how many functions run at once."
  }
}

run "r10_a_visibility_below_six_timeouts_of_the_caller_is_refused" {
  command = plan

  variables {
    caller_timeout_s = 31
  }

  expect_failures = [aws_sqs_queue.webhooks]
}

run "a_receiver_that_is_down_makes_no_dead_letter" {
  command = plan

  variables {
    settings = {
      visibility_timeout_s    = 180
      max_receive_count       = 4
      retention_s             = 345600
      dead_letter_retention_s = 1209600
      batch_size              = 10
      maximum_concurrency     = 10
      retry_delays_s          = [5, 30, 300]
    }
  }

  expect_failures = [var.settings]
}
