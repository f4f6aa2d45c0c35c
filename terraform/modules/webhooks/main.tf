# Announcements on their way to users' webhooks: a rule of the bus, a queue that holds them between attempts, and the
# function that calls. The function reads in the table which users have a webhook, and its URL.

locals {
  queue_name       = "${var.name_prefix}-webhooks"
  dead_letter_name = "${var.name_prefix}-webhooks-dlq"
  arn_prefix       = "arn:${var.partition}:sqs:${var.region}:${var.account_id}"
  queue_arn        = "${local.arn_prefix}:${local.queue_name}"
  dead_letter_arn  = "${local.arn_prefix}:${local.dead_letter_name}"
  rule_name        = "${var.name_prefix}-webhooks"

  policies = {
    for queue_arn in [local.queue_arn, local.dead_letter_arn] : queue_arn => jsonencode({
      Version = "2012-10-17"
      Statement = concat(
        [{
          Sid       = "RuleSends"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "sqs:SendMessage"
          Resource  = queue_arn
          Condition = {
            StringEquals = { "aws:SourceAccount" = var.account_id }
            ArnEquals    = { "aws:SourceArn" = "arn:${var.partition}:events:${var.region}:${var.account_id}:rule/${var.bus_name}/${local.rule_name}" }
          }
        }],
        var.require_tls ? [{
          Sid       = "DenyWithoutTls"
          Effect    = "Deny"
          Principal = "*"
          Action    = "sqs:*"
          Resource  = queue_arn
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        }] : [],
      )
    })
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  name           = local.rule_name
  description    = "What became of photos, for the webhooks of their owners"
  event_bus_name = var.bus_name
  event_pattern  = jsonencode({ source = ["darkroom"] })
}

resource "aws_cloudwatch_event_target" "queue" {
  event_bus_name = var.bus_name
  rule           = aws_cloudwatch_event_rule.this.name
  target_id      = "queue"
  arn            = aws_sqs_queue.webhooks.arn

  # An event that the queue does not take for a day, for want of a key or a permission, is not lost silently.
  dead_letter_config {
    arn = aws_sqs_queue.dead_letter.arn
  }
}

# The dead letters: events that Darkroom could not handle. A receiver that is down never adds one. The queue is encrypted
# with a key of SQS: if the first queue refuses an event for want of its key, the dead letter must not need the same key.
resource "aws_sqs_queue" "dead_letter" {
  name                      = local.dead_letter_name
  message_retention_seconds = var.settings.dead_letter_retention_s
  sqs_managed_sse_enabled   = true

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arn]
  })

  policy = local.policies[local.dead_letter_arn]
}

# The function hides a message until the next attempt, and deletes it after the last one.
resource "aws_sqs_queue" "webhooks" {
  name                       = local.queue_name
  visibility_timeout_seconds = var.settings.visibility_timeout_s
  message_retention_seconds  = var.settings.retention_s
  receive_wait_time_seconds  = 20

  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 300

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = var.settings.max_receive_count
  })

  policy = local.policies[local.queue_arn]

  lifecycle {
    precondition {
      condition     = var.settings.visibility_timeout_s >= 6 * var.caller_timeout_s
      error_message = "The visibility timeout must be at least six times the function's timeout, or a receiver is called twice at once."
    }
  }
}

resource "aws_lambda_event_source_mapping" "caller" {
  event_source_arn        = aws_sqs_queue.webhooks.arn
  function_name           = var.caller_alias_arn
  batch_size              = var.settings.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.settings.maximum_concurrency
  }
}
