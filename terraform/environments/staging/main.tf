# The rehearsal for prod: the same settings where something can go wrong, shorter retention where it only costs.

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "staging"
      ManagedBy   = "terraform"
    }
  }
}

module "stack" {
  source = "../../modules/stack"

  environment  = "staging"
  region       = var.region
  cors_origins = var.cors_origins
  docs_url     = var.docs_url
  email_sender = var.email_sender
  alarm_emails = var.alarm_emails
  runbook_url  = var.runbook_url
  api_domain   = var.api_domain
  web_domain   = var.web_domain
  web_delivery = var.web_delivery

  variants_public_keys = var.variants_public_keys

  api_firewall = true

  noncurrent_days    = 7
  log_retention_days = 30
  log_archive_days   = 30

  executions_in_flight = var.executions_in_flight
  reads_heic           = var.reads_heic
  import_buckets       = var.import_buckets
  import_key_arns      = var.import_key_arns

  monthly_budget_usd = 80
}

# CloudFront's logs are set up in us-east-1, wherever the rest is.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "staging"
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
