# Alarms, the topic that mails them, a dashboard, saved queries and a budget.
#
# Alarms ring when, and only when, an operator must act. A rejected photo is a result and not an alarm: the workers' own
# error count is full of rejections, so alarms watch their executions instead.

locals {
  # The defaults of an alarm: it rings if the sum of five minutes is above zero, and not where there is no value.
  usual = { statistic = "Sum", threshold = 0, minutes = 5, of = 1, rings_when = "GreaterThanThreshold", nothing_is = "notBreaching" }

  of_machine = { StateMachineArn = var.state_machine_arn }
  of_rule    = { EventBusName = var.bus_name, RuleName = var.webhooks_rule_name }

  # Every alarm links to the section of the runbook with the alarm's name.
  unusual = merge(
    {
      dead-letter-queue-not-empty = {
        what       = "S3 events could not be handled: they wait in the uploads' dead-letter queue."
        metric     = "AWS/SQS ApproximateNumberOfMessagesVisible"
        dimensions = { QueueName = var.dead_letter_queue_name }
        statistic  = "Maximum"
        minutes    = 1
      }
      announcements-undelivered = {
        what       = "Announcements of photos could not be put onto the event bus."
        metric     = "AWS/SQS ApproximateNumberOfMessagesVisible"
        dimensions = { QueueName = var.undelivered_queue_name }
        statistic  = "Maximum"
        minutes    = 1
      }
      webhooks-dead-letter-queue-not-empty = {
        what       = "Announcements for webhooks could not be handled: they wait in the webhooks' dead-letter queue. (A receiver that is down adds none.)"
        metric     = "AWS/SQS ApproximateNumberOfMessagesVisible"
        dimensions = { QueueName = var.webhooks_dlq_name }
        statistic  = "Maximum"
        minutes    = 1
      }
      erasures-dead-letter-queue-not-empty = {
        what       = "An account that its owner asked to erase could not be erased."
        metric     = "AWS/SQS ApproximateNumberOfMessagesVisible"
        dimensions = { QueueName = var.erasures_dlq_name }
        statistic  = "Maximum"
        minutes    = 1
      }
      webhooks-events-not-delivered = {
        what       = "EventBridge gave up announcements that the webhooks' queue did not accept."
        metric     = "AWS/Events FailedInvocations"
        dimensions = local.of_rule
      }
      webhooks-events-lost = {
        what       = "EventBridge could not keep announcements in the webhooks' dead-letter queue either: they are lost."
        metric     = "AWS/Events InvocationsFailedToBeSentToDlq"
        dimensions = local.of_rule
      }
      messages-refused = {
        what       = "A function refuses a message for a reason that stays: an unknown body, a missing permission, or a fault of ours."
        metric     = "Darkroom MessageRefused" # by the functions behind queues
        dimensions = { environment = var.environment }
      }
      originals-unexplained = {
        what       = "An original arrived without a ticket or a deletion on record: it is kept and not developed."
        metric     = "Darkroom Unexplained" # by the orchestrator
        dimensions = { environment = var.environment }
      }
      photos-stuck = {
        what       = "Executions ended without an outcome in the records of their photos, which the sweeper marked as failed."
        metric     = "Darkroom Stuck" # by the sweeper
        dimensions = { environment = var.environment }
      }
      objects-missing = {
        what       = "Photos are ready, and their originals or variants are not in storage."
        metric     = "Darkroom ObjectsMissing" # by the sweeper
        dimensions = { environment = var.environment }
      }
      sweeper-silent = {
        what       = "The sweeper was not called for two hours."
        metric     = "AWS/Lambda Invocations"
        dimensions = { FunctionName = var.functions["sweep"].name }
        threshold  = 1
        minutes    = 60
        of         = 2
        rings_when = "LessThanThreshold"
        nothing_is = "breaching"
      }
      uploads-queue-stuck = {
        what       = "The oldest S3 event has waited in the uploads queue for a quarter of an hour."
        metric     = "AWS/SQS ApproximateAgeOfOldestMessage"
        dimensions = { QueueName = var.queue_name }
        statistic  = "Maximum"
        threshold  = 900
        minutes    = 1
        of         = 3
      }
      executions-failed = {
        what       = "Photos ended in 'Processing failed'."
        metric     = "AWS/States ExecutionsFailed"
        dimensions = local.of_machine
      }
      executions-timed-out = {
        what       = "Photos took longer than the state machine allows."
        metric     = "AWS/States ExecutionsTimedOut"
        dimensions = local.of_machine
      }
      executions-throttled = {
        what       = "Step Functions delays executions: the account's quota is reached."
        metric     = "AWS/States ExecutionThrottled"
        dimensions = local.of_machine
        of         = 3
      }
      # Photos that a Map Run tolerates ring nothing: its children are counted under another ARN, that of the Map Run.
      rerender-failed = {
        what       = "A re-render ended before it had visited all photos."
        metric     = "AWS/States ExecutionsFailed"
        dimensions = { StateMachineArn = var.rerender_machine_arn }
      }
      import-failed = {
        what       = "An import of a bucket ended before it had brought all photos."
        metric     = "AWS/States ExecutionsFailed"
        dimensions = { StateMachineArn = var.imports_machine_arn }
      }
      mail-refused = {
        what       = "Cognito did not send a mail with a code, and a user waits for it."
        metric     = "Darkroom MailRefused" # by the function auth
        dimensions = { environment = var.environment }
      }
      api-errors = {
        what       = "The API answers with 5xx."
        metric     = "AWS/ApiGateway 5XXError"
        dimensions = { ApiName = var.api_name, Stage = var.api_stage }
        threshold  = 4
      }
    },
    {
      for name, function in var.functions : "function-errors-${name}" => {
        what       = "The function ${name} fails."
        metric     = "AWS/Lambda Errors"
        dimensions = { FunctionName = function.name }
      } if !contains(var.workers, name)
    },
    {
      for name, function in var.functions : "function-throttled-${name}" => {
        what       = "Lambda refuses calls of the function ${name}: its concurrency is used up."
        metric     = "AWS/Lambda Throttles"
        dimensions = { FunctionName = function.name }
        of         = 3
      }
    },
    {
      for name, function in var.functions : "function-slow-${name}" => {
        what       = "The function ${name} comes near its timeout of ${function.timeout_s} seconds."
        metric     = "AWS/Lambda Duration"
        dimensions = { FunctionName = function.name }
        statistic  = "Maximum"
        threshold  = function.timeout_s * 1000 * 0.8
        of         = 2
      }
    },
  )
  alarms = { for name, alarm in local.unusual : name => merge(local.usual, alarm) }

  # The runbook explains function-errors-upload under function-errors.
  sections = {
    for name in keys(local.alarms) : name => try(regex("^function-[a-z]+", name), name)
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name_prefix}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsOfThisEnvironment"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:${var.name_prefix}-*" }
        }
      },
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alarm_emails

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.name_prefix}-${each.key}"
  alarm_description = "${each.value.what} What to do: ${var.runbook_url}#${local.sections[each.key]}"

  namespace           = split(" ", each.value.metric)[0]
  metric_name         = split(" ", each.value.metric)[1]
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.rings_when
  threshold           = each.value.threshold
  period              = each.value.minutes * 60
  evaluation_periods  = each.value.of
  datapoints_to_alarm = each.value.of
  treat_missing_data  = each.value.nothing_is

  alarm_actions = [aws_sns_topic.alarms.arn]
  ok_actions    = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = {
    "story of one image" = {
      groups = values(var.log_group_names)
      query  = <<-QUERY
        fields @timestamp, service, function_name, stage, level, message, duration_ms
        | filter image_id = "put the image id here"
        | sort @timestamp asc
      QUERY
    }
    "errors by code" = {
      groups = values(var.log_group_names)
      query  = <<-QUERY
        filter level = "ERROR"
        | stats count(*) as errors, latest(@timestamp) as last by code, stage
        | sort errors desc
      QUERY
    }
    "slowest stages" = {
      groups = [for name in var.workers : var.log_group_names[name]]
      query  = <<-QUERY
        filter ispresent(duration_ms) and ispresent(stage)
        | stats pct(duration_ms, 50) as p50, pct(duration_ms, 95) as p95, max(duration_ms) as worst by stage
      QUERY
    }
    "memory against its limit" = {
      groups = values(var.log_group_names)
      query  = <<-QUERY
        filter @type = "REPORT"
        | stats max(@maxMemoryUsed / 1000 / 1000) as used_mb, max(@memorySize / 1000 / 1000) as limit_mb, count(*) as runs by @log
      QUERY
    }
  }

  name            = "${var.name_prefix}/${each.key}"
  log_group_names = each.value.groups
  query_string    = each.value.query
}

# The tag is the provider's default tag; it must be activated once as a cost allocation tag.
resource "aws_budgets_budget" "monthly" {
  count = var.monthly_budget_usd == null ? 0 : 1

  name         = "${var.name_prefix}-monthly"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Environment$%s", var.environment)]
  }

  dynamic "notification" {
    for_each = length(var.alarm_emails) > 0 ? { ACTUAL = 80, FORECASTED = 100 } : {}

    content {
      notification_type          = notification.key
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.alarm_emails
    }
  }
}
