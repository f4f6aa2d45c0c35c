# One environment: keys, network, storage and alarms here, the rest in events.tf, functions.tf and people.tf. Names and
# ARNs are made here, before the resources exist: the modules refer to each other in circles (a key names the bucket, the
# bucket the queue, the queue the key), and names also let them be created side by side. outputs.tf asserts that each name
# is the resource's.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id  = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
  name_prefix = "darkroom-${var.environment}"

  # One truth for sizes, timeouts and environment names: the functions and the tests read it too.
  settings = jsondecode(file("${path.module}/../../../settings/functions.json"))
  identity = jsondecode(file("${path.module}/../../../settings/identity.json"))

  originals_bucket = "${local.name_prefix}-originals-${local.account_id}"
  images_bucket    = "${local.name_prefix}-images-${local.account_id}"
  web_bucket       = var.web_delivery ? "${local.name_prefix}-web-${local.account_id}" : null
  logs_bucket      = var.audit ? "${local.name_prefix}-logs-${local.account_id}" : null
  table_name       = "${local.name_prefix}-images"
  trail_name       = "${local.name_prefix}-audit"

  flow_logs = var.flow_logs && var.audit

  regional = "${var.region}:${local.account_id}"
  arns = {
    originals_bucket = "arn:${local.partition}:s3:::${local.originals_bucket}"
    images_bucket    = "arn:${local.partition}:s3:::${local.images_bucket}"
    table            = "arn:${local.partition}:dynamodb:${local.regional}:table/${local.table_name}"
    uploads_queue    = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-uploads"
    uploads_dlq      = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-uploads-dlq"
    event_bus        = "arn:${local.partition}:events:${local.regional}:event-bus/${local.name_prefix}"
    undelivered      = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-announcements-undelivered"
    webhooks_rule    = "arn:${local.partition}:events:${local.regional}:rule/${local.name_prefix}/${local.name_prefix}-webhooks"
    webhooks_queue   = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-webhooks"
    webhooks_dlq     = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-webhooks-dlq"
    erasures_queue   = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-erasures"
    erasures_dlq     = "arn:${local.partition}:sqs:${local.regional}:${local.name_prefix}-erasures-dlq"
    state_machine    = "arn:${local.partition}:states:${local.regional}:stateMachine:${local.name_prefix}-process-image"
    rerender_machine = "arn:${local.partition}:states:${local.regional}:stateMachine:${local.name_prefix}-rerender-library"
    imports_machine  = "arn:${local.partition}:states:${local.regional}:stateMachine:${local.name_prefix}-import-bucket"
  }
  # Made of names: a function that is given the address of a queue would otherwise wait 50 seconds for the queue.
  sqs_endpoint       = coalesce(var.sqs_endpoint, "https://sqs.${var.region}.${data.aws_partition.current.dns_suffix}")
  queue_url_prefix   = "${local.sqs_endpoint}/${local.account_id}/${local.name_prefix}-"
  uploads_queue_url  = "${local.queue_url_prefix}uploads"
  webhooks_queue_url = "${local.queue_url_prefix}webhooks"
  erasures_queue_url = "${local.queue_url_prefix}erasures"

  # Where an operator looks at executions beside the web app; the local engine has no console.
  console_url = var.sqs_endpoint == null && local.partition == "aws" ? "https://${var.region}.console.aws.amazon.com" : ""

  serve_variants = var.web_delivery && length(var.variants_public_keys) > 0

  # CloudFront's logs come from us-east-1, whatever the region of the rest; the edge_logs module makes these sources.
  edge_log_source_arns = [
    for name in concat(["web"], local.serve_variants ? ["variants"] : []) :
    "arn:${local.partition}:logs:us-east-1:${local.account_id}:delivery-source:${local.name_prefix}-${name}" if var.audit && var.web_delivery
  ]
  trail_arn = var.audit ? "arn:${local.partition}:cloudtrail:${local.regional}:trail/${local.trail_name}" : null

  # A domain name of one's own is known beforehand; CloudFront's is known after the first apply, and is given then.
  cors_origins = distinct(concat(var.cors_origins, var.web_domain == null ? [] : ["https://${var.web_domain.name}"]))
  api_origin   = var.api_domain == null ? "https://${module.api.api_id}.execute-api.${var.region}.amazonaws.com" : "https://${var.api_domain.name}"

  # The orchestrator starts the published version behind the alias, where versions are published. AWS authorises such a
  # call by the machine's own ARN, so policies name that ARN, and the alias is a condition.
  start_arn = var.publish_workflow ? "${local.arns.state_machine}:live" : local.arns.state_machine

  # A re-render takes a quarter of what uploads may take, so that these find room.
  rerenders_at_once = max(1, floor(var.executions_in_flight / 4))

  # Of the same concurrency as photos, so no more than half as many; two is the least that AWS takes.
  webhooks_at_once = max(2, min(local.settings.webhooks_queue.maximum_concurrency, floor(var.executions_in_flight / 2)))
  # Photos of an import on their way at once: half of the executions in flight, and no more than the uploads queue hands
  # on in the time that one takes, so that people's photos find the other half, and a short queue. Each batch has a window
  # of some.
  imports            = local.settings.imports
  imports_in_flight  = max(1, min(floor(var.executions_in_flight / 2), floor(local.imports.photos_per_second * local.imports.photo_s)))
  import_batch_size  = var.import_batches ? local.imports.batch_size : 1
  import_window      = min(local.import_batch_size, local.imports.window, local.imports_in_flight)
  import_batch_count = max(1, floor(local.imports_in_flight / local.import_window))

  # The most that the gateway lets through to Cognito, by the throttles of its routes.
  cognito_requests_per_second = try(
    sum([for operation, throttle in var.api_route_throttles : throttle.requests_per_second if startswith(operation, "POST /auth/")]),
    var.api_throttle.requests_per_second,
  )

  logs_key_arn = lookup(module.encryption.key_arns, "logs", null)
}

module "encryption" {
  source = "../encryption"

  name_prefix             = local.name_prefix
  account_id              = local.account_id
  partition               = local.partition
  region                  = var.region
  event_source_bucket_arn = local.arns.originals_bucket
  event_rule_arn          = local.arns.webhooks_rule
  encrypt_logs            = var.encrypt_logs
  rotate_keys             = var.rotate_keys
  deletion_window_days    = var.key_deletion_window_days
  trail_arn               = local.trail_arn
  web_delivery            = var.web_delivery
  serve_variants          = local.serve_variants

  token_role_arns = !var.token_key_names_roles ? null : [
    for name, function in local.settings.functions : "arn:${local.partition}:iam::${local.account_id}:role/${local.name_prefix}-${name}"
    if contains(function.environment, "TOKEN_KEY_ARN")
  ]

  log_group_arn_patterns = [
    for prefix in ["/aws/apigateway/", "/aws/lambda/", "/aws/vendedlogs/states/"] :
    "arn:${local.partition}:logs:${local.regional}:log-group:${prefix}${local.name_prefix}*"
  ]
}

module "network" {
  source = "../network"
  count  = var.private_network ? 1 : 0

  name_prefix                   = local.name_prefix
  account_id                    = local.account_id
  region                        = var.region
  interface_endpoint_zone_count = var.interface_endpoint_zone_count
  flow_logs                     = local.flow_logs
  flow_logs_bucket_arn          = local.flow_logs ? one(module.storage.log_destination_arns) : null
  originals_bucket_arn          = local.arns.originals_bucket
  images_bucket_arn             = local.arns.images_bucket
  table_arn                     = local.arns.table
  state_machine_arn             = local.arns.state_machine
}

module "storage" {
  source = "../storage"

  originals_bucket = local.originals_bucket
  images_bucket    = local.images_bucket
  web_bucket       = local.web_bucket
  logs_bucket      = local.logs_bucket
  account_id       = local.account_id
  partition        = local.partition
  kms_key_arn      = module.encryption.key_arns["storage"]
  web_kms_key_arn  = lookup(module.encryption.key_arns, "web", null)
  events_queue_arn = module.uploads.queue_arn
  cors_origins     = local.cors_origins
  require_tls      = var.require_tls
  lifecycle_rules  = var.lifecycle_rules
  noncurrent_days  = var.noncurrent_days
  log_archive_days = var.log_archive_days
  trail_arn        = local.trail_arn
  flow_logs        = local.flow_logs
  region           = var.region
  replica          = var.replica
  force_destroy    = var.force_destroy

  refuse_unnamed_keys = var.refuse_unnamed_keys
  serve_variants      = local.serve_variants

  edge_log_source_arns = local.edge_log_source_arns
}

module "audit" {
  source = "../audit"
  count  = var.audit ? 1 : 0

  name              = local.trail_name
  logs_bucket       = one(module.storage.log_destinations)
  kms_key_arn       = module.encryption.key_arns["audit"]
  bucket_arns       = [local.arns.originals_bucket, local.arns.images_bucket]
  management_events = var.audit_management_events
}

module "metadata" {
  source = "../metadata"

  name_prefix            = local.name_prefix
  kms_key_arn            = module.encryption.key_arns["metadata"]
  deletion_protection    = var.deletion_protection
  point_in_time_recovery = var.point_in_time_recovery
}

module "observability" {
  source = "../observability"
  count  = var.observability ? 1 : 0

  name_prefix            = local.name_prefix
  environment            = var.environment
  account_id             = local.account_id
  partition              = local.partition
  region                 = var.region
  kms_key_arn            = local.logs_key_arn
  log_group_names        = module.functions.log_group_names
  queue_name             = module.uploads.queue_name
  dead_letter_queue_name = module.uploads.dead_letter_queue_name
  undelivered_queue_name = module.announcements.undelivered_queue_name
  bus_name               = module.announcements.bus_name
  webhooks_rule_name     = module.webhooks.rule_name
  webhooks_queue_name    = module.webhooks.queue_name
  webhooks_dlq_name      = module.webhooks.dead_letter_queue_name
  erasures_dlq_name      = module.erasures.dead_letter_queue_name
  state_machine_arn      = module.workflow.state_machine_arn
  rerender_machine_arn   = module.rerender.state_machine_arn
  imports_machine_arn    = local.arns.imports_machine
  api_name               = module.api.api_name
  api_stage              = module.api.stage_name
  runbook_url            = var.runbook_url
  alarm_emails           = var.alarm_emails
  monthly_budget_usd     = var.monthly_budget_usd

  functions = {
    for name, settings in local.settings.functions : name => {
      name      = module.functions.names[name]
      timeout_s = settings.timeout_s
    }
  }
}
