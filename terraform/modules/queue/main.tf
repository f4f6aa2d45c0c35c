# A queue, its dead letters, and the mapping that hands its messages to a function.

# Policy and redrive are attributes of the queues, not resources beside them: the provider waits about
# 25 seconds for each change of a queue to settle, and a queue is never without its policy.

locals {
  queue_name       = "${var.name_prefix}-${var.name}"
  dead_letter_name = "${var.name_prefix}-${var.name}-dlq"
  arn_prefix       = "arn:${var.partition}:sqs:${var.region}:${var.account_id}"
  queue_arn        = "${local.arn_prefix}:${local.queue_name}"
  dead_letter_arn  = "${local.arn_prefix}:${local.dead_letter_name}"

  # The ARNs of the queues that a service sends to by itself. A function that sends is allowed by its own role.
  sent_to = concat(
    var.sender == null ? [] : [local.queue_arn],
    try(var.sender.sends_dead_letters, false) ? [local.dead_letter_arn] : [],
  )

  statements = {
    for queue_arn in [local.queue_arn, local.dead_letter_arn] : queue_arn => concat(
      contains(local.sent_to, queue_arn) ? [{
        Sid       = var.sender.sid
        Effect    = "Allow"
        Principal = { Service = var.sender.service }
        Action    = "sqs:SendMessage"
        Resource  = queue_arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id }
          ArnEquals    = { "aws:SourceArn" = var.sender.arn }
        }
      }] : [],
      var.require_tls ? [{
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = queue_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }] : [],
    )
  }

  # SQS refuses a policy without statements.
  policies = {
    for queue_arn, statements in local.statements : queue_arn => length(statements) == 0 ? null : jsonencode({
      Version   = "2012-10-17"
      Statement = statements
    })
  }
}

# Encrypted with a key of SQS, so that it does not fail together with the queue and its key.
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

resource "aws_sqs_queue" "this" {
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
      condition     = var.settings.visibility_timeout_s >= 6 * var.consumer_timeout_s
      error_message = "The visibility timeout must be at least six times the function's timeout, or a message is handed out again while it is still being worked on."
    }
  }
}

resource "aws_lambda_event_source_mapping" "consumer" {
  event_source_arn                   = aws_sqs_queue.this.arn
  function_name                      = var.consumer_alias_arn
  batch_size                         = var.settings.batch_size
  maximum_batching_window_in_seconds = var.settings.batching_window_s
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.settings.maximum_concurrency
  }
}
