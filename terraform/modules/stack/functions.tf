# The functions, and the state machines that call them.

module "functions" {
  source = "../functions"

  name_prefix        = local.name_prefix
  environment        = var.environment
  account_id         = local.account_id
  partition          = local.partition
  region             = var.region
  functions          = local.settings.functions
  architecture       = var.architecture
  log_level          = var.log_level
  log_retention_days = var.log_retention_days
  logs_kms_key_arn   = local.logs_key_arn
  tracing            = var.tracing
  vpc                = var.private_network ? module.network[0].placement : null # by index: a splat waits for the whole module, in a circle

  state_machine_alias  = var.publish_workflow ? "live" : null
  reserved_concurrency = var.reserved_concurrency
  placeholder_bucket   = var.placeholder_in_bucket ? module.storage.bucket_names["images"] : null

  import_buckets  = var.import_buckets
  import_key_arns = var.import_key_arns

  environment_values = {
    CORS_ORIGINS        = join(",", local.cors_origins)
    DOCS_URL            = var.docs_url
    ERASURES_QUEUE_URL  = local.erasures_queue_url
    EVENT_BUS_NAME      = local.name_prefix
    IMAGES_BUCKET       = local.images_bucket
    IMAGES_TABLE        = local.table_name
    ORIGINALS_BUCKET    = local.originals_bucket
    STATE_MACHINE_ARN   = local.start_arn
    STORAGE_KEY_ARN     = module.encryption.key_arns["storage"]
    TOKEN_KEY_ARN       = module.encryption.token_key_arn
    USER_POOL_CLIENT_ID = module.identity.user_pool_client_id
    USER_POOL_ID        = module.identity.user_pool_id

    CONSOLE_URL           = local.console_url
    EXECUTIONS_IN_FLIGHT  = var.executions_in_flight
    IMPORT_WINDOW         = local.import_window
    IMPORTS_IN_FLIGHT     = local.imports_in_flight
    IMPORTS_MACHINE_ARN   = local.arns.imports_machine
    QUEUE_URL_PREFIX      = local.queue_url_prefix
    RERENDER_MACHINE_ARN  = local.arns.rerender_machine
    RERENDERS_AT_ONCE     = local.rerenders_at_once
    SUPERSEDED_S          = var.superseded_days * 86400
    UPLOADS_QUEUE_URL     = local.uploads_queue_url
    WEBHOOKS_QUEUE_URL    = local.webhooks_queue_url
    WEBHOOK_TRUSTED_HOSTS = join(",", var.webhook_trusted_hosts)
  }

  resources = {
    originals_bucket_arn = local.arns.originals_bucket
    images_bucket_arn    = local.arns.images_bucket
    table_arn            = local.arns.table
    uploads_queue_arn    = local.arns.uploads_queue
    uploads_dlq_arn      = local.arns.uploads_dlq
    event_bus_arn        = local.arns.event_bus
    undelivered_arn      = local.arns.undelivered
    webhooks_queue_arn   = local.arns.webhooks_queue
    webhooks_dlq_arn     = local.arns.webhooks_dlq
    erasures_queue_arn   = local.arns.erasures_queue
    erasures_dlq_arn     = local.arns.erasures_dlq
    state_machine_arn    = local.arns.state_machine
    rerender_machine_arn = local.arns.rerender_machine
    imports_machine_arn  = local.arns.imports_machine
    storage_key_arn      = module.encryption.key_arns["storage"]
    messaging_key_arn    = module.encryption.key_arns["messaging"]
    token_key_arn        = module.encryption.token_key_arn
    user_pool_arn        = module.identity.user_pool_arn
  }
}

locals {
  # What each state machine tells.
  machine_telemetry = {
    logging            = var.workflow_logging
    log_execution_data = var.log_execution_data
    log_retention_days = var.log_retention_days
    logs_kms_key_arn   = local.logs_key_arn
    tracing            = var.tracing
  }
}

module "workflow" {
  source = "../workflow"

  name_prefix     = local.name_prefix
  account_id      = local.account_id
  partition       = local.partition
  region          = var.region
  definition_path = "${path.module}/../../../statemachine/process-image.asl.json"
  worker_arns     = module.functions.alias_arns
  table_name      = local.table_name
  table_arn       = local.arns.table
  docs_url        = var.docs_url
  telemetry       = local.machine_telemetry
  publish         = var.publish_workflow
}

module "rerender" {
  source = "../rerender"

  name_prefix       = local.name_prefix
  account_id        = local.account_id
  partition         = local.partition
  region            = var.region
  definition_path   = "${path.module}/../../../statemachine/rerender.asl.json"
  function_arns     = module.functions.alias_arns
  at_once           = local.rerenders_at_once
  images_bucket     = local.images_bucket
  images_bucket_arn = local.arns.images_bucket
  storage_key_arn   = module.encryption.key_arns["storage"]
  table_name        = local.table_name
  table_arn         = local.arns.table
  telemetry         = local.machine_telemetry
}

module "imports" {
  source = "../imports"
  count  = length(var.import_buckets) > 0 ? 1 : 0

  name_prefix     = local.name_prefix
  account_id      = local.account_id
  partition       = local.partition
  region          = var.region
  definition_path = "${path.module}/../../../statemachine/import-bucket.asl.json"
  bring_arn       = module.functions.alias_arns["bring"]
  import_buckets  = var.import_buckets
  images_bucket   = local.images_bucket
  storage_key_arn = module.encryption.key_arns["storage"]
  batch_size      = local.import_batch_size
  batches_at_once = local.import_batch_count
  telemetry       = local.machine_telemetry
}
