# Darkroom on one laptop: the same stack as on AWS, applied on the local engine.

provider "aws" {
  region     = var.region
  access_key = "test" # opens nothing but the engine
  secret_key = "test"

  # The engine has one address for all services and serves buckets by path, not by host name.
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  # An engine that does not answer is down, and waiting would only hide it.
  max_retries = 3

  endpoints {
    apigateway     = var.endpoint_url
    cloudwatchlogs = var.endpoint_url
    cognitoidp     = var.endpoint_url
    dynamodb       = var.endpoint_url
    events         = var.endpoint_url
    iam            = var.endpoint_url
    kms            = var.endpoint_url
    lambda         = var.endpoint_url
    s3             = var.endpoint_url
    s3control      = var.endpoint_url
    sfn            = var.endpoint_url
    sqs            = var.endpoint_url
    sts            = var.endpoint_url
  }
}

locals {
  cors_origins = concat([var.web_url], var.cors_origins)
}

module "stack" {
  source = "../../modules/stack"

  environment  = "local"
  region       = var.region
  architecture = var.architecture
  cors_origins = local.cors_origins
  log_level    = var.log_level

  # A laptop's photos may go with the stack.
  deletion_protection      = false
  force_destroy            = true
  key_deletion_window_days = 7
  log_retention_days       = 7

  # Receivers of webhooks run on this machine too.
  webhook_trusted_hosts = ["127.0.0.1"]

  sqs_endpoint = var.endpoint_url

  # A place is free again two to three seconds after its execution began (ADR 7), so this many are about fifteen photos a
  # second, what two cores develop. The engine lets workers wait for its own places, eight on two cores.
  executions_in_flight = 40
  reads_heic           = true

  import_buckets = ["arn:aws:s3:::*"] # any bucket of the engine

  # Off, because only AWS can do it, or because it only costs time on a laptop:
  require_tls            = false # the engine speaks plain http, and enforces the policies
  token_key_names_roles  = false # to the engine the caller is a session, never its role
  api_route_throttles    = {}    # tests sign up users faster than these allow
  audit                  = false # the engine has no CloudTrail and writes no access logs
  web_delivery           = false # the engine has no CloudFront; the web app's own server serves it
  private_network        = false # the engine runs functions as processes of this machine
  observability          = false # a laptop needs no alarms, and the engine misreports them
  refuse_unnamed_keys    = false # the engine tells policies the encryption that a PUT asks for, and not the key
  lifecycle_rules        = false # nothing lives long enough to expire; the provider waits a minute for the rules
  point_in_time_recovery = false # the engine restores nothing
  encrypt_logs           = false # the engine encrypts no logs
  rotate_keys            = false # the engine keeps a key's material; the provider waits four seconds for the switch
  workflow_logging       = false # the engine writes no execution logs
  placeholder_in_bucket  = true  # the provider makes functions from a file one at a time, five seconds each
  import_batches         = false # the engine hands out each object by itself
  publish_workflow       = false # a laptop has nothing to roll back to
  tracing                = false # there is no X-Ray, and the engine misreports the switch
}
