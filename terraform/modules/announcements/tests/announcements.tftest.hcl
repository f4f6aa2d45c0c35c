mock_provider "aws" {}

variables {
  name_prefix         = "darkroom-test"
  account_id          = "111122223333"
  region              = "eu-central-1"
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/messaging"
  stream_arn          = "arn:aws:dynamodb:eu-central-1:111122223333:table/images/stream/2026-01-31T12:00:00.000"
  announcer_alias_arn = "arn:aws:lambda:eu-central-1:111122223333:function:announce:live"

  settings = {
    batch_size             = 10
    maximum_retry_attempts = 20
    maximum_record_age_s   = 21600
  }
}

run "a_change_is_tried_again_and_never_lost_silently" {
  command = plan

  assert {
    condition = (
      tolist(aws_lambda_event_source_mapping.announcer.function_response_types) == tolist(["ReportBatchItemFailures"]) &&
      aws_lambda_event_source_mapping.announcer.bisect_batch_on_function_error &&
      aws_lambda_event_source_mapping.announcer.maximum_retry_attempts == 20 &&
      aws_lambda_event_source_mapping.announcer.maximum_record_age_in_seconds == 21600
    )
    error_message = "A bad change must neither stop the stream nor take its neighbours with it."
  }

  assert {
    condition     = length(aws_lambda_event_source_mapping.announcer.destination_config[0].on_failure) == 1
    error_message = "A change that could not be announced must go to the queue of the undelivered."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.announcer.starting_position == "TRIM_HORIZON"
    error_message = "A mapping that is made anew must not skip changes."
  }
}

run "only_photos_are_news" {
  command = plan

  assert {
    condition = [
      for filter in one(aws_lambda_event_source_mapping.announcer.filter_criteria).filter : jsondecode(filter.pattern)
    ] == [{ dynamodb = { Keys = { sk = { S = [{ prefix = "IMAGE#" }] } } } }]
    error_message = "Albums, links and profiles must not wake the function."
  }
}

run "r10_the_queue_is_kept_and_encrypted_and_refuses_plain_http" {
  command = plan

  assert {
    condition = (
      aws_sqs_queue.undelivered.message_retention_seconds == 1209600 &&
      aws_sqs_queue.undelivered.kms_master_key_id == var.kms_key_arn
    )
    error_message = "14 days, and the environment's own key."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.undelivered.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "TLS only."
  }
}

run "a_limit_is_asked_for" {
  command = plan

  variables {
    settings = {
      batch_size             = 10
      maximum_retry_attempts = -1
      maximum_record_age_s   = 21600
    }
  }

  expect_failures = [var.settings]
}
