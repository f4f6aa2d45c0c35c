# Users, and the ways that they come in.

module "delivery" {
  source = "../delivery"
  count  = var.web_delivery ? 1 : 0

  name_prefix          = local.name_prefix
  region               = var.region
  web_bucket           = local.web_bucket
  images_bucket        = local.images_bucket
  web_domain           = var.web_domain
  variants_public_keys = var.variants_public_keys
  api_host             = local.api_origin
  originals_host       = "https://${local.originals_bucket}.s3.${var.region}.amazonaws.com"
  images_host          = "https://${local.images_bucket}.s3.${var.region}.amazonaws.com"
}

module "identity" {
  source = "../identity"

  name_prefix             = local.name_prefix
  password_minimum_length = local.identity.password.minimum_length
  token_minutes           = local.identity.token_minutes
  operators_group         = local.identity.operators_group
  deletion_protection     = var.deletion_protection
  advanced_security       = var.advanced_security
  email_sender            = var.email_sender
  firewall                = var.api_firewall
  requests_per_second     = local.cognito_requests_per_second
}

module "api" {
  source = "../api"

  name_prefix        = local.name_prefix
  environment        = var.environment
  openapi_path       = "${path.module}/../../../api/openapi.yaml"
  user_pool_arn      = module.identity.user_pool_arn
  docs_url           = var.docs_url
  cors_origins       = local.cors_origins
  throttle           = var.api_throttle
  route_throttles    = var.api_route_throttles
  custom_domain      = var.api_domain
  firewall           = var.api_firewall
  access_logs        = var.api_access_logs
  log_retention_days = var.log_retention_days
  logs_kms_key_arn   = local.logs_key_arn
  tracing            = var.tracing

  functions = {
    for name in keys(local.settings.functions) : name => {
      name             = module.functions.names[name]
      alias_invoke_arn = module.functions.alias_invoke_arns[name]
    }
  }
}
