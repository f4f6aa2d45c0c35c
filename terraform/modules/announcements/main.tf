# Announcements: a function reads the table's stream and puts an event onto the environment's bus for each outcome of a
# photo. A consumer adds a rule to the bus; nothing here knows the consumers.

locals {
  undelivered_name = "${var.name_prefix}-announcements-undelivered"
  undelivered_arn  = "arn:${var.partition}:sqs:${var.region}:${var.account_id}:${local.undelivered_name}"
}

resource "aws_cloudwatch_event_bus" "this" {
  name = var.name_prefix
}

# The queue of batches that could not be announced: a message has the batch's place in the stream, not the changes.
resource "aws_sqs_queue" "undelivered" {
  name                      = local.undelivered_name
  message_retention_seconds = 1209600

  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 300

  # SQS refuses a policy without statements.
  policy = var.require_tls ? jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = local.undelivered_arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  }) : null
}

resource "aws_lambda_event_source_mapping" "announcer" {
  event_source_arn = var.stream_arn
  function_name    = var.announcer_alias_arn

  # Starts at the oldest change that the stream still has, so that a new mapping skips none.
  starting_position = "TRIM_HORIZON"
  batch_size        = var.settings.batch_size

  # A batch is tried again from the first change that was not announced, until it is too old or was tried too often.
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = var.settings.maximum_retry_attempts
  maximum_record_age_in_seconds  = var.settings.maximum_record_age_s

  # Only images are announced.
  filter_criteria {
    filter {
      pattern = jsonencode({ dynamodb = { Keys = { sk = { S = [{ prefix = "IMAGE#" }] } } } })
    }
  }

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.undelivered.arn
    }
  }
}
