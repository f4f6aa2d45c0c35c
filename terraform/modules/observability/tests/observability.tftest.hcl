# R50: every way to fail has an alarm, each alarm says what to do, and a rejected photo rings none.

mock_provider "aws" {
  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:eu-central-1:111122223333:darkroom-test-alarms"
    }
  }

  mock_resource "aws_cloudwatch_metric_alarm" {
    defaults = {
      arn = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:an-alarm"
    }
  }
}

variables {
  name_prefix            = "darkroom-test"
  environment            = "test"
  account_id             = "111122223333"
  region                 = "eu-central-1"
  kms_key_arn            = "arn:aws:kms:eu-central-1:111122223333:key/messaging"
  queue_name             = "darkroom-test-uploads"
  dead_letter_queue_name = "darkroom-test-uploads-dlq"
  undelivered_queue_name = "darkroom-test-announcements-undelivered"
  bus_name               = "darkroom-test"
  webhooks_rule_name     = "darkroom-test-webhooks"
  webhooks_queue_name    = "darkroom-test-webhooks"
  webhooks_dlq_name      = "darkroom-test-webhooks-dlq"
  erasures_dlq_name      = "darkroom-test-erasures-dlq"
  state_machine_arn      = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image"
  rerender_machine_arn   = "arn:aws:states:eu-central-1:111122223333:stateMachine:rerender-library"
  imports_machine_arn    = "arn:aws:states:eu-central-1:111122223333:stateMachine:import-bucket"
  api_name               = "darkroom-test"
  api_stage              = "test"
  runbook_url            = "https://docs.example.com/OPERATIONS.md"
  alarm_emails           = ["ops@example.com"]
  monthly_budget_usd     = 50

  functions = {
    for name in ["albums", "auth", "images", "orchestrator", "resize", "sweep", "upload", "validate", "watermark"] :
    name => { name = "darkroom-test-${name}", timeout_s = 30 }
  }
  log_group_names = {
    for name in ["albums", "auth", "images", "orchestrator", "resize", "sweep", "upload", "validate", "watermark"] :
    name => "/aws/lambda/darkroom-test-${name}"
  }
}

run "r50_every_way_to_fail_has_an_alarm" {
  command = plan

  assert {
    condition = toset([for alarm in aws_cloudwatch_metric_alarm.this : "${alarm.namespace} ${alarm.metric_name}"]) == toset([
      "AWS/ApiGateway 5XXError",
      "AWS/Events FailedInvocations",
      "AWS/Events InvocationsFailedToBeSentToDlq",
      "AWS/Lambda Duration",
      "AWS/Lambda Errors",
      "AWS/Lambda Invocations",
      "AWS/Lambda Throttles",
      "AWS/SQS ApproximateAgeOfOldestMessage",
      "AWS/SQS ApproximateNumberOfMessagesVisible",
      "AWS/States ExecutionThrottled",
      "AWS/States ExecutionsFailed",
      "AWS/States ExecutionsTimedOut",
      "Darkroom MailRefused",
      "Darkroom MessageRefused",
      "Darkroom Stuck",
      "Darkroom ObjectsMissing",
      "Darkroom Unexplained",
    ])
    error_message = "A way to fail is not watched."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["dead-letter-queue-not-empty"].dimensions == tomap({ QueueName = "darkroom-test-uploads-dlq" }) &&
      aws_cloudwatch_metric_alarm.this["dead-letter-queue-not-empty"].threshold == 0 &&
      aws_cloudwatch_metric_alarm.this["dead-letter-queue-not-empty"].comparison_operator == "GreaterThanThreshold"
    )
    error_message = "The first dead letter must ring."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["webhooks-dead-letter-queue-not-empty"].dimensions == tomap({ QueueName = "darkroom-test-webhooks-dlq" }) &&
      aws_cloudwatch_metric_alarm.this["webhooks-dead-letter-queue-not-empty"].threshold == 0
    )
    error_message = "The first dead letter of webhooks must ring."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["erasures-dead-letter-queue-not-empty"].dimensions == tomap({ QueueName = "darkroom-test-erasures-dlq" }) &&
      aws_cloudwatch_metric_alarm.this["erasures-dead-letter-queue-not-empty"].threshold == 0
    )
    error_message = "The first account that could not be erased must ring."
  }

  assert {
    condition = alltrue([
      for name in ["webhooks-events-lost", "webhooks-events-not-delivered"] :
      aws_cloudwatch_metric_alarm.this[name].dimensions == tomap({ EventBusName = "darkroom-test", RuleName = "darkroom-test-webhooks" })
    ])
    error_message = "A rule of a bus of one's own is counted by bus and rule; by rule alone is the default bus."
  }

  assert {
    condition = alltrue([
      for name in ["mail-refused", "messages-refused", "objects-missing", "originals-unexplained", "photos-stuck"] : aws_cloudwatch_metric_alarm.this[name].dimensions == tomap({ environment = "test" })
    ])
    error_message = "The functions count by environment."
  }

  assert {
    condition = { for name in ["executions-failed", "import-failed", "rerender-failed"] :
      name => aws_cloudwatch_metric_alarm.this[name].dimensions
      } == {
      executions-failed = tomap({ StateMachineArn = var.state_machine_arn })
      import-failed     = tomap({ StateMachineArn = var.imports_machine_arn })
      rerender-failed   = tomap({ StateMachineArn = var.rerender_machine_arn })
    }
    error_message = "A failed execution of each state machine must ring."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["function-slow-resize"].threshold == 24000
    error_message = "A function must ring at four fifths of its timeout."
  }
}

run "r51_a_sweeper_that_is_not_called_rings" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["sweeper-silent"].dimensions == tomap({ FunctionName = "darkroom-test-sweep" }) &&
      aws_cloudwatch_metric_alarm.this["sweeper-silent"].comparison_operator == "LessThanThreshold" &&
      aws_cloudwatch_metric_alarm.this["sweeper-silent"].threshold == 1 &&
      aws_cloudwatch_metric_alarm.this["sweeper-silent"].period == 3600 &&
      aws_cloudwatch_metric_alarm.this["sweeper-silent"].evaluation_periods == 2
    )
    error_message = "Two hours without a call must ring: nothing else would tell."
  }
}

run "r50_rejected_photos_ring_nothing" {
  command = plan

  assert {
    condition = toset([
      for name, alarm in aws_cloudwatch_metric_alarm.this : name if alarm.metric_name == "Errors"
      ]) == toset([
      "function-errors-albums", "function-errors-auth", "function-errors-images", "function-errors-orchestrator", "function-errors-sweep",
      "function-errors-upload",
    ])
    error_message = "A worker rejects a photo by failing: its error count must not be alarmed."
  }
}

run "r50_every_alarm_notifies_the_topic_and_names_its_section" {
  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      toset(alarm.alarm_actions) == toset([aws_sns_topic.alarms.arn]) &&
      toset(alarm.ok_actions) == toset([aws_sns_topic.alarms.arn]) &&
      alarm.treat_missing_data == (name == "sweeper-silent" ? "breaching" : "notBreaching")
    ])
    error_message = "An alarm does not notify the topic."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : anytrue([
        for section in output.runbook_sections : endswith(alarm.alarm_description, " ${var.runbook_url}#${section}")
      ])
    ])
    error_message = "An alarm does not say what to do."
  }

  assert {
    condition = output.runbook_sections == tolist([
      "announcements-undelivered", "api-errors", "dead-letter-queue-not-empty", "erasures-dead-letter-queue-not-empty", "executions-failed", "executions-throttled",
      "executions-timed-out", "function-errors", "function-slow", "function-throttled", "import-failed", "mail-refused", "messages-refused", "objects-missing", "originals-unexplained", "photos-stuck", "rerender-failed", "sweeper-silent", "uploads-queue-stuck", "webhooks-dead-letter-queue-not-empty",
      "webhooks-events-lost", "webhooks-events-not-delivered",
    ])
    error_message = "The runbook's sections have changed; change docs/OPERATIONS.md too."
  }
}

run "only_our_alarms_reach_the_topic" {
  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == var.kms_key_arn
    error_message = "The topic must be encrypted with the customer managed key."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : statement.Condition
      if statement.Effect == "Allow"
      ] == [{
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:darkroom-test-*" }
    }]
    error_message = "Something else than this environment's alarms could ring."
  }
}

run "the_budget_counts_this_environment" {
  command = plan

  assert {
    condition = (
      aws_budgets_budget.monthly[0].limit_amount == "50" &&
      one(aws_budgets_budget.monthly[0].cost_filter).values == tolist(["user:Environment$test"])
    )
    error_message = "The budget must count this environment and no other."
  }
}
