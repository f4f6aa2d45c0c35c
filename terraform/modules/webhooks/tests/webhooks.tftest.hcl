# Every announcement comes to the queue, and no user's server fills its dead letters.

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
      aws_cloudwatch_event_target.queue.arn == module.queue.queue_arn
    )
    error_message = "The rule must send every event that Darkroom puts onto its bus to the queue."
  }

  assert {
    condition     = one(aws_cloudwatch_event_target.queue.dead_letter_config).arn == module.queue.dead_letter_queue_arn
    error_message = "An event that the queue refuses must be kept."
  }
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
