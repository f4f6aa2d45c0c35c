# Queues, the bus, and what a clock or a stream starts.

module "messaging" {
  source = "../messaging"

  name_prefix             = local.name_prefix
  account_id              = local.account_id
  partition               = local.partition
  region                  = var.region
  kms_key_arn             = module.encryption.key_arns["messaging"]
  event_source_bucket_arn = local.arns.originals_bucket
  settings                = local.settings.uploads_queue
  consumer_alias_arn      = module.functions.alias_arns["orchestrator"]
  consumer_timeout_s      = local.settings.functions.orchestrator.timeout_s
  require_tls             = var.require_tls
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

module "erasures" {
  source = "../erasures"

  name_prefix      = local.name_prefix
  account_id       = local.account_id
  partition        = local.partition
  region           = var.region
  kms_key_arn      = module.encryption.key_arns["messaging"]
  settings         = local.settings.erasures_queue
  eraser_alias_arn = module.functions.alias_arns["erase"]
  eraser_timeout_s = local.settings.functions.erase.timeout_s
  require_tls      = var.require_tls
}

module "sweeper" {
  source = "../sweeper"

  name_prefix        = local.name_prefix
  every_minutes      = local.settings.sweeper.every_minutes
  function_name      = module.functions.names["sweep"]
  function_alias_arn = module.functions.alias_arns["sweep"]
}
