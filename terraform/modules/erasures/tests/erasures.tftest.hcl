# R10 for the third queue, and R58: a wish to be erased is never forgotten.

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
  eraser_alias_arn = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-erase:live"
  eraser_timeout_s = 300
  settings = {
    visibility_timeout_s    = 1800
    max_receive_count       = 20
    retention_s             = 345600
    dead_letter_retention_s = 1209600
    batch_size              = 1
    maximum_concurrency     = 2
  }
}

run "r58_an_account_that_cannot_be_erased_is_a_dead_letter" {
  assert {
    condition = jsondecode(aws_sqs_queue.erasures.redrive_policy) == {
      deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
      maxReceiveCount     = 20
    }
    error_message = "An account that cannot be erased must become a dead letter, which rings."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.eraser.event_source_arn == aws_sqs_queue.erasures.arn
    error_message = "The function must read the queue."
  }
}

run "r10_both_queues_of_erasures_are_kept_encrypted_and_refuse_plain_http" {
  command = plan

  assert {
    condition = alltrue([
      for name, queue in { "darkroom-test-erasures" = aws_sqs_queue.erasures, "darkroom-test-erasures-dlq" = aws_sqs_queue.dead_letter } :
      jsondecode(queue.policy).Statement == [{
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:eu-central-1:111122223333:${name}"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    ])
    error_message = "A queue answers without TLS, or its policy grants something."
  }

  assert {
    condition = (
      aws_sqs_queue.erasures.kms_master_key_id == var.kms_key_arn &&
      aws_sqs_queue.dead_letter.kms_master_key_id == null && aws_sqs_queue.dead_letter.sqs_managed_sse_enabled
    )
    error_message = "The queue is encrypted with the customer managed key, and its dead letters with one that does not fail with it."
  }

  assert {
    condition = (
      aws_sqs_queue.dead_letter.message_retention_seconds == 1209600 && aws_sqs_queue.erasures.message_retention_seconds == 345600 &&
      aws_sqs_queue.erasures.visibility_timeout_seconds == 1800
    )
    error_message = "The queues must keep messages for as long as the settings say."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dead_letter.redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-central-1:111122223333:darkroom-test-erasures"]
    }
    error_message = "The dead-letter queue must accept from its queue only."
  }
}

run "r06_one_account_does_not_fail_another" {
  command = plan

  assert {
    condition = (
      toset(aws_lambda_event_source_mapping.eraser.function_response_types) == toset(["ReportBatchItemFailures"]) &&
      aws_lambda_event_source_mapping.eraser.function_name == var.eraser_alias_arn &&
      aws_lambda_event_source_mapping.eraser.batch_size == 1 &&
      aws_lambda_event_source_mapping.eraser.scaling_config[0].maximum_concurrency == 2
    )
    error_message = "The mapping must hand out one account at a time, to the alias, and cap how many functions run at once."
  }
}

run "r10_a_visibility_below_six_timeouts_of_the_eraser_is_refused" {
  command = plan

  variables {
    eraser_timeout_s = 301
  }

  expect_failures = [aws_sqs_queue.erasures]
}

run "r58_a_queue_that_forgets_before_it_gives_up_is_refused" {
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
