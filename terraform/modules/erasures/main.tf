# A queue of accounts to erase, and the function that erases them. The function `auth` writes a message when an owner
# asks (DELETE /me); the message stays in the queue until nothing is left of the account.

locals {
  queue_name       = "${var.name_prefix}-erasures"
  dead_letter_name = "${var.name_prefix}-erasures-dlq"
  arn_prefix       = "arn:${var.partition}:sqs:${var.region}:${var.account_id}"
  queue_arn        = "${local.arn_prefix}:${local.queue_name}"
  dead_letter_arn  = "${local.arn_prefix}:${local.dead_letter_name}"

  # The sender's role allows it to send. SQS refuses a policy without statements.
  policies = {
    for queue_arn in [local.queue_arn, local.dead_letter_arn] : queue_arn => var.require_tls ? jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = queue_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    }) : null
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

resource "aws_sqs_queue" "erasures" {
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
      condition     = var.settings.visibility_timeout_s >= 6 * var.eraser_timeout_s
      error_message = "The visibility timeout must be at least six times the function's timeout, or an account is erased twice at once."
    }
  }
}

resource "aws_lambda_event_source_mapping" "eraser" {
  event_source_arn        = aws_sqs_queue.erasures.arn
  function_name           = var.eraser_alias_arn
  batch_size              = var.settings.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.settings.maximum_concurrency
  }
}
