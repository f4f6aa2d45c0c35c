# Applied once per account and region, before the first environment: resources that environments share and must not own.

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Application = "darkroom"
      Environment = "shared"
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id   = data.aws_caller_identity.current.account_id
  partition    = data.aws_partition.current.partition
  state_bucket = "darkroom-terraform-state-${local.account_id}-${var.region}"
  bucket_arn   = "arn:${local.partition}:s3:::${local.state_bucket}"
}

# The state knows every resource: without it Terraform loses the environment, and a leak of it is a map for an intruder.
resource "aws_s3_bucket" "state" {
  #checkov:skip=CKV_AWS_18:it is the account's first bucket, so there is none yet to write the log into
  #checkov:skip=CKV_AWS_144:old versions bring back what was overwritten, and terraform import what was lost
  #checkov:skip=CKV2_AWS_62:nothing reacts to new states

  bucket = local.state_bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "forget-old-states"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days           = 180
      newer_noncurrent_versions = 20
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}

# API Gateway has one setting per region for the role that writes its logs. An environment that owned the setting would
# take it from the others when it is destroyed.
resource "aws_iam_role" "api_logs" {
  count = var.api_gateway_logs ? 1 : 0

  name        = "darkroom-api-gateway-logs-${var.region}"
  description = "API Gateway writes the access logs of this region"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# API Gateway checks the role for exactly this managed policy's permissions.
resource "aws_iam_role_policy_attachment" "api_logs" {
  count = var.api_gateway_logs ? 1 : 0

  role       = aws_iam_role.api_logs[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  count = var.api_gateway_logs ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.api_logs[0].arn

  depends_on = [aws_iam_role_policy_attachment.api_logs]
}
