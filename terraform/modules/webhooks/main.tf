# Announcements on their way to users' webhooks: a rule of the bus, a queue that holds them between attempts, and the
# function that calls. The function reads in the table which users have a webhook, and its URL.

locals {
  rule_name = "${var.name_prefix}-webhooks"
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
  arn            = module.queue.queue_arn

  # An event that the queue does not take for a day, for want of a key or a permission, is not lost silently.
  dead_letter_config {
    arn = module.queue.dead_letter_queue_arn
  }
}

# The dead letters are events that Darkroom could not handle; a receiver that is down never adds one. The function hides a
# message until the next attempt, and deletes it after the last one.
module "queue" {
  source = "../queue"

  name_prefix        = var.name_prefix
  name               = "webhooks"
  account_id         = var.account_id
  partition          = var.partition
  region             = var.region
  kms_key_arn        = var.kms_key_arn
  settings           = var.settings
  consumer_alias_arn = var.caller_alias_arn
  consumer_timeout_s = var.caller_timeout_s
  require_tls        = var.require_tls

  sender = {
    sid                = "RuleSends"
    service            = "events.amazonaws.com"
    arn                = "arn:${var.partition}:events:${var.region}:${var.account_id}:rule/${var.bus_name}/${local.rule_name}"
    sends_dead_letters = true
  }
}

# The queues were this module's own before the module queue was made.
moved {
  from = aws_sqs_queue.dead_letter
  to   = module.queue.aws_sqs_queue.dead_letter
}

moved {
  from = aws_sqs_queue.webhooks
  to   = module.queue.aws_sqs_queue.this
}

moved {
  from = aws_lambda_event_source_mapping.caller
  to   = module.queue.aws_lambda_event_source_mapping.consumer
}
