# Real users' photos: no mistake of an operator deletes them, and nothing personal is logged.

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "prod"
      ManagedBy   = "terraform"
    }
  }
}

# The region that originals are copied into, if they are.
provider "aws" {
  alias               = "replica"
  region              = coalesce(var.replica_region, var.region)
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "prod"
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

module "replica" {
  source = "../../modules/replica"
  count  = var.replica_region == null ? 0 : 1

  providers = {
    aws = aws.replica
  }

  bucket          = "darkroom-prod-replica-${data.aws_caller_identity.current.account_id}"
  account_id      = data.aws_caller_identity.current.account_id
  region          = var.replica_region
  noncurrent_days = 30
}

module "stack" {
  source = "../../modules/stack"

  environment  = "prod"
  region       = var.region
  cors_origins = var.cors_origins
  docs_url     = var.docs_url
  email_sender = var.email_sender
  alarm_emails = var.alarm_emails
  runbook_url  = var.runbook_url
  api_domain   = var.api_domain
  web_domain   = var.web_domain
  web_delivery = var.web_delivery
  replica      = one(module.replica[*].replica)

  variants_public_keys = var.variants_public_keys

  # Repeated although they are the defaults: a change of one of them is made here, in a review.
  deletion_protection = true
  force_destroy       = false
  log_execution_data  = false

  api_firewall = true

  # The account's first such trail costs nothing; where there is another one already, say false.
  audit_management_events = var.audit_management_events

  advanced_security = var.advanced_security

  noncurrent_days    = 30
  log_retention_days = 365
  log_archive_days   = 365
  api_throttle       = var.api_throttle

  executions_in_flight = var.executions_in_flight
  reads_heic           = var.reads_heic
  import_buckets       = var.import_buckets
  import_key_arns      = var.import_key_arns
  reserved_concurrency = var.reserved_concurrency

  monthly_budget_usd = 200
}

# CloudFront's logs are set up in us-east-1, wherever the rest is.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "prod"
      ManagedBy   = "terraform"
    }
  }
}

module "edge_logs" {
  source = "../../modules/edge_logs"
  count  = var.web_delivery ? 1 : 0

  providers = {
    aws = aws.us_east_1
  }

  name_prefix       = module.stack.edge_logs.name_prefix
  distribution_arns = module.stack.edge_logs.distribution_arns
  logs_bucket_arn   = module.stack.edge_logs.logs_bucket_arn
}
