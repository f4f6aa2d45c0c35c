# The buckets of originals and of variants, and where wanted of the web app and of the logs of accesses. Encryption by our
# key is the default, and no other is accepted: a PUT without headers gets it, a PUT that names another one is refused.

locals {
  buckets = merge(
    { originals = var.originals_bucket, images = var.images_bucket },
    var.web_bucket == null ? {} : { web = var.web_bucket },
    var.logs_bucket == null ? {} : { logs = var.logs_bucket },
  )
  bucket_arns = { for key, name in local.buckets : key => "arn:${var.partition}:s3:::${name}" }

  # S3 writes access logs with its own encryption only; the trail's files in there name their own key.
  with_our_key = { for key in keys(local.buckets) : key => key == "web" ? var.web_kms_key_arn : var.kms_key_arn if key != "logs" }

  our_key_only = {
    for key, kms_key_arn in local.with_our_key : key => [for statement in [
      {
        Sid       = "DenyOtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arns[key]}/*"
        Condition = {
          # Null "false": the header is there. Without it the bucket's default applies.
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
        }
      },
      {
        Sid       = "DenyOtherKeys"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arns[key]}/*"
        Condition = {
          Null            = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = kms_key_arn }
        }
      },
      {
        # A PUT that asks for KMS and names no key would get S3's own key, aws/s3, and not the bucket's default.
        Sid       = "DenyUnnamedKeys"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arns[key]}/*"
        Condition = {
          Null = {
            "s3:x-amz-server-side-encryption"                = "false"
            "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true"
          }
        }
      },
    ] : statement if statement.Sid != "DenyUnnamedKeys" || var.refuse_unnamed_keys]
  }

  tls_only = {
    for key, arn in local.bucket_arns : key => var.require_tls ? [
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [arn, "${arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ] : []
  }

  # CloudFront reads the files that it serves. A policy that named one distribution would wait for it, and so would the
  # denials above, in an account that CloudFront may refuse (ADR 27).
  served = {
    for key, path in merge(var.serve_variants ? { images = "variants/*" } : {}, { web = "*" }) : key => [{
      Sid                                                = "CloudFrontServes"
      Effect                                             = "Allow"
      Principal                                          = { Service = "cloudfront.amazonaws.com" }
      Action                                             = "s3:GetObject"
      Resource                                           = "${local.bucket_arns[key]}/${path}"
      Condition                                          = { ArnLike = { "aws:SourceArn" = "arn:${var.partition}:cloudfront::${var.account_id}:distribution/*" } }
    }] if contains(keys(local.buckets), key)
  }

  policy_statements = {
    for key in keys(local.buckets) : key => concat(
      lookup(local.our_key_only, key, []),
      lookup(local.tls_only, key, []),
      lookup(local.served, key, []),
      [for statement in local.log_writers : statement if key == "logs"],
    )
  }
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:replication.tf, where it is asked for: originals only, the rest can be made again
  #checkov:skip=CKV2_AWS_62:originals notify the queue; nothing reacts to new objects of the others

  for_each = local.buckets

  bucket        = each.value
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    bucket_key_enabled = each.key != "logs"

    apply_server_side_encryption_by_default {
      sse_algorithm     = each.key == "logs" ? "AES256" : "aws:kms"
      kms_master_key_id = lookup(local.with_our_key, each.key, null)
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.policy_statements[each.key] })

  # S3 refuses two changes of a bucket's access at once.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_cors_configuration" "this" {
  for_each = length(var.cors_origins) > 0 ? { originals = ["GET", "HEAD", "POST", "PUT"], images = ["GET", "HEAD"] } : {}

  bucket = aws_s3_bucket.this[each.key].id

  cors_rule {
    allowed_methods = each.value
    allowed_origins = var.cors_origins
    allowed_headers = each.key == "originals" ? [
      "content-type",
      "if-none-match",
      "x-amz-checksum-sha256",
      "x-amz-sdk-checksum-algorithm",
      "x-amz-server-side-encryption",
      "x-amz-server-side-encryption-aws-kms-key-id",
    ] : ["if-none-match", "range"]
    expose_headers  = ["etag", "x-amz-version-id"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = var.lifecycle_rules ? aws_s3_bucket.this : {}

  bucket = each.value.id

  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "expire-noncurrent-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  # The pages of a re-render are read for as long as its state machine may run: sixty days. Its results stay as long.
  dynamic "rule" {
    for_each = each.key == "images" ? [true] : []

    content {
      id     = "expire-rerenders"
      status = "Enabled"

      filter {
        prefix = "rerenders/"
      }

      expiration {
        days = 61
      }
    }
  }

  # Work files carry an image from one state to the next and are worthless afterwards.
  dynamic "rule" {
    for_each = each.key == "images" ? [true] : []

    content {
      id     = "expire-work-files"
      status = "Enabled"

      filter {
        prefix = "work/"
      }

      expiration {
        days = 1
      }

      noncurrent_version_expiration {
        noncurrent_days = 1
      }
    }
  }

  dynamic "rule" {
    for_each = each.key == "logs" ? [true] : []

    content {
      id     = "expire-logs"
      status = "Enabled"

      filter {}

      expiration {
        days = var.log_archive_days
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

# No filter: a key outside uploads/ and imports/ is acknowledged and logged by the orchestrator, so
# that a misplaced import leaves a trace.
resource "aws_s3_bucket_notification" "originals" {
  bucket = aws_s3_bucket.this["originals"].id

  queue {
    id        = "uploads"
    queue_arn = var.events_queue_arn
    events    = ["s3:ObjectCreated:*"]
  }
}
