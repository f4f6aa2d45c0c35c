# The environment to try changes in: cheap, short-lived, and free to be destroyed.

provider "aws" {
  region              = var.region
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "dev"
      ManagedBy   = "terraform"
    }
  }
}

module "stack" {
  source = "../../modules/stack"

  environment  = "dev"
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
  log_level            = "DEBUG"

  # Nothing here is worth keeping.
  deletion_protection      = false
  force_destroy            = true
  key_deletion_window_days = 7
  noncurrent_days          = 1
  log_retention_days       = 7
  log_archive_days         = 7

  # One zone may fail here.
  interface_endpoint_zone_count = 1

  # Test photos only, so the log may show what travels between the states.
  log_execution_data = true

  executions_in_flight = var.executions_in_flight
  reads_heic           = var.reads_heic
  import_buckets       = var.import_buckets
  import_key_arns      = var.import_key_arns

  monthly_budget_usd = 45
}

# CloudFront's logs are set up in us-east-1, wherever the rest is.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = var.account_id == null ? null : [var.account_id]

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "dev"
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
