# Queues, the bus, and what a clock or a stream starts.

# S3's events about new originals.
module "uploads" {
  source = "../queue"

  name               = "uploads"
  name_prefix        = local.name_prefix
  account_id         = local.account_id
  partition          = local.partition
  region             = var.region
  kms_key_arn        = module.encryption.key_arns["messaging"]
  settings           = local.settings.uploads_queue
  consumer_alias_arn = module.functions.alias_arns["orchestrator"]
  consumer_timeout_s = local.settings.functions.orchestrator.timeout_s
  require_tls        = var.require_tls

  sender = {
    sid     = "OriginalsBucketSends"
    service = "s3.amazonaws.com"
    arn     = local.arns.originals_bucket
  }
}

module "announcements" {
  source = "../announcements"

  name_prefix         = local.name_prefix
  account_id          = local.account_id
  partition           = local.partition
  region              = var.region
  kms_key_arn         = module.encryption.key_arns["messaging"]
  stream_arn          = module.metadata.stream_arn
  announcer_alias_arn = module.functions.alias_arns["announce"]
  settings            = local.settings.announcements
  require_tls         = var.require_tls
}

module "webhooks" {
  source = "../webhooks"

  name_prefix      = local.name_prefix
  account_id       = local.account_id
  partition        = local.partition
  region           = var.region
  kms_key_arn      = module.encryption.key_arns["messaging"]
  bus_name         = module.announcements.bus_name
  settings         = merge(local.settings.webhooks_queue, { maximum_concurrency = local.webhooks_at_once })
  caller_alias_arn = module.functions.alias_arns["webhook"]
  caller_timeout_s = local.settings.functions.webhook.timeout_s
  require_tls      = var.require_tls
}

# Accounts to erase. The function `auth` writes a message when an owner asks (DELETE /me); the message stays in the queue
# until nothing is left of the account.
module "erasures" {
  source = "../queue"

  name               = "erasures"
  name_prefix        = local.name_prefix
  account_id         = local.account_id
  partition          = local.partition
  region             = var.region
  kms_key_arn        = module.encryption.key_arns["messaging"]
  settings           = local.settings.erasures_queue
  consumer_alias_arn = module.functions.alias_arns["erase"]
  consumer_timeout_s = local.settings.functions.erase.timeout_s
  require_tls        = var.require_tls
}

module "sweeper" {
  source = "../sweeper"

  name_prefix        = local.name_prefix
  every_minutes      = local.settings.sweeper.every_minutes
  function_name      = module.functions.names["sweep"]
  function_alias_arn = module.functions.alias_arns["sweep"]
}

# These queues had modules of their own before the module queue was made.
moved {
  from = module.messaging.aws_sqs_queue.dead_letter
  to   = module.uploads.aws_sqs_queue.dead_letter
}

moved {
  from = module.messaging.aws_sqs_queue.uploads
  to   = module.uploads.aws_sqs_queue.this
}

moved {
  from = module.messaging.aws_lambda_event_source_mapping.consumer
  to   = module.uploads.aws_lambda_event_source_mapping.consumer
}

moved {
  from = module.erasures.aws_sqs_queue.erasures
  to   = module.erasures.aws_sqs_queue.this
}

moved {
  from = module.erasures.aws_lambda_event_source_mapping.eraser
  to   = module.erasures.aws_lambda_event_source_mapping.consumer
}
