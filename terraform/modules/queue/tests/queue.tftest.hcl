# R10 and R11: a queue that loses nothing, admits its sender only, and does not drown its reader.

mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:111122223333:a-queue"
    }
  }
}

variables {
  name_prefix = "darkroom-test"
  account_id  = "111122223333"
  region      = "eu-central-1"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  name        = "uploads"
  sender = {
    sid     = "OriginalsBucketSends"
    service = "s3.amazonaws.com"
    arn     = "arn:aws:s3:::darkroom-test-originals-111122223333"
  }
  consumer_alias_arn = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-orchestrator:live"
  consumer_timeout_s = 40
  settings = {
    visibility_timeout_s    = 240
    max_receive_count       = 100
    retention_s             = 345600
    dead_letter_retention_s = 1209600
    batch_size              = 2
    batching_window_s       = 0
    maximum_concurrency     = 2
  }
}

run "r10_retries_fit_and_the_dead_letter_queue_outlives_them" {
  assert {
    condition = jsondecode(aws_sqs_queue.this.redrive_policy) == {
      deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
      maxReceiveCount     = 100
    }
    error_message = "After a hundred tries a message must go to the dead-letter queue."
  }

  assert {
    condition = (
      aws_sqs_queue.dead_letter.message_retention_seconds == 1209600 &&
      aws_sqs_queue.dead_letter.message_retention_seconds > aws_sqs_queue.this.message_retention_seconds
    )
    error_message = "The dead-letter queue must keep messages for 14 days, and longer than the queue."
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 240
    error_message = "The visibility timeout must be the one of the settings."
  }
}

run "r10_a_visibility_below_six_timeouts_is_refused" {
  command = plan

  variables {
    consumer_timeout_s = 41
  }

  expect_failures = [aws_sqs_queue.this]
}

run "r10_a_dead_letter_queue_that_forgets_early_is_refused" {
  command = plan

  variables {
    settings = {
      visibility_timeout_s    = 240
      max_receive_count       = 100
      retention_s             = 86400
      dead_letter_retention_s = 345600
      batch_size              = 2
      batching_window_s       = 0
      maximum_concurrency     = 2
    }
  }

  expect_failures = [var.settings]
}

run "r10_the_queue_is_encrypted_with_our_key_and_its_dead_letters_with_another" {
  command = plan

  assert {
    condition = (
      aws_sqs_queue.this.kms_master_key_id == var.kms_key_arn &&
      aws_sqs_queue.dead_letter.kms_master_key_id == null && aws_sqs_queue.dead_letter.sqs_managed_sse_enabled
    )
    error_message = "The queue is encrypted with the customer managed key, and its dead letters with one that does not fail with it."
  }
}

run "r10_both_queues_refuse_plain_http" {
  command = plan

  assert {
    condition = alltrue([
      for name, queue in { "darkroom-test-uploads" = aws_sqs_queue.this, "darkroom-test-uploads-dlq" = aws_sqs_queue.dead_letter } :
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
}

run "r10_only_the_one_sender_may_send" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_sqs_queue.this.policy).Statement : statement if statement.Effect == "Allow"
      ] == [{
        Sid       = "OriginalsBucketSends"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:eu-central-1:111122223333:darkroom-test-uploads"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::darkroom-test-originals-111122223333" }
        }
    }]
    error_message = "The queue must admit the service for our thing in our account, and no other sender."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dead_letter.redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-central-1:111122223333:darkroom-test-uploads"]
    }
    error_message = "The dead-letter queue must accept from its queue only."
  }
}

run "r10_where_a_service_sends_dead_letters_it_may_send_those_too" {
  command = plan

  variables {
    sender = {
      sid                = "RuleSends"
      service            = "events.amazonaws.com"
      arn                = "arn:aws:events:eu-central-1:111122223333:rule/darkroom-test/darkroom-test-webhooks"
      sends_dead_letters = true
    }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sqs_queue.dead_letter.policy).Statement : statement.Condition if statement.Effect == "Allow"
      ] == [{
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:events:eu-central-1:111122223333:rule/darkroom-test/darkroom-test-webhooks" }
    }]
    error_message = "The dead-letter queue must admit the service for our thing in our account, and no other sender."
  }
}

run "r10_without_a_sender_a_queue_grants_nothing" {
  command = plan

  variables {
    sender = null
  }

  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.this, aws_sqs_queue.dead_letter] :
      [for statement in jsondecode(queue.policy).Statement : statement.Sid] == ["DenyWithoutTls"]
    ])
    error_message = "A queue's policy grants something to a sender that was not named."
  }
}

run "r10_a_sender_with_a_wildcard_is_refused" {
  command = plan

  variables {
    sender = { sid = "AnyBucketSends", service = "s3.amazonaws.com", arn = "arn:aws:s3:::*" }
  }

  expect_failures = [var.sender]
}

run "r10_a_queue_that_forgets_before_it_gives_up_is_refused" {
  command = plan

  variables {
    settings = {
      visibility_timeout_s    = 1800
      max_receive_count       = 200
      retention_s             = 345600
      dead_letter_retention_s = 1209600
      batch_size              = 1
      maximum_concurrency     = 2
    }
  }

  expect_failures = [var.settings]
}

run "r11_load_queues_instead_of_being_throttled" {
  command = plan

  assert {
    condition     = aws_lambda_event_source_mapping.consumer.scaling_config[0].maximum_concurrency == 2
    error_message = "The event source mapping must cap how many functions run at once."
  }
}

run "r06_one_bad_message_does_not_fail_its_batch" {
  command = plan

  assert {
    condition     = toset(aws_lambda_event_source_mapping.consumer.function_response_types) == toset(["ReportBatchItemFailures"])
    error_message = "The event source mapping must take partial batch responses."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.consumer.function_name == var.consumer_alias_arn
    error_message = "The queue must feed the alias, so that a deployment can be rolled back."
  }
}
