# The logs of accesses, in one bucket that no role of ours may write to: S3's own access log of the other buckets, the
# trail's files, CloudFront's requests and the network's flows.

locals {
  logged = { for key, name in local.buckets : key => name if key != "logs" && var.logs_bucket != null }

  log_writers = concat(
    [{
      Sid       = "S3WritesAccessLogs"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = [for key in keys(local.logged) : "${local.bucket_arns["logs"]}/s3/${key}/*"]
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnEquals    = { "aws:SourceArn" = [for key in keys(local.logged) : local.bucket_arns[key]] }
      }
    }],
    flatten([
      for arn in var.trail_arn == null ? [] : [var.trail_arn] : [
        {
          Sid       = "CloudTrailLooksAtTheBucket"
          Effect    = "Allow"
          Principal = { Service = "cloudtrail.amazonaws.com" }
          Action    = "s3:GetBucketAcl"
          Resource  = local.bucket_arns["logs"]
          Condition = { StringEquals = { "aws:SourceArn" = arn } }
        },
        {
          Sid       = "CloudTrailWritesItsLog"
          Effect    = "Allow"
          Principal = { Service = "cloudtrail.amazonaws.com" }
          Action    = "s3:PutObject"
          Resource  = "${local.bucket_arns["logs"]}/cloudtrail/AWSLogs/${var.account_id}/*"
          Condition = { StringEquals = { "aws:SourceArn" = arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
        },
      ]
    ]),
    # Exactly the policy that AWS documents: if a part is missing, AWS adds it behind Terraform's back.
    flatten([
      for wanted in var.flow_logs ? [true] : [] : [
        {
          Sid       = "FlowLogsLookAtTheBucket"
          Effect    = "Allow"
          Principal = { Service = "delivery.logs.amazonaws.com" }
          Action    = "s3:GetBucketAcl"
          Resource  = local.bucket_arns["logs"]
          Condition = {
            StringEquals = { "aws:SourceAccount" = var.account_id }
            ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:logs:${var.region}:${var.account_id}:*" }
          }
        },
        {
          Sid       = "FlowLogsAreWritten"
          Effect    = "Allow"
          Principal = { Service = "delivery.logs.amazonaws.com" }
          Action    = "s3:PutObject"
          Resource  = "${local.bucket_arns["logs"]}/vpc/AWSLogs/${var.account_id}/*"
          Condition = {
            StringEquals = { "aws:SourceAccount" = var.account_id, "s3:x-amz-acl" = "bucket-owner-full-control" }
            ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:logs:${var.region}:${var.account_id}:*" }
          }
        },
      ]
    ]),
    [
      for sources in [var.edge_log_source_arns] : {
        Sid       = "CloudFrontsLogIsWritten"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.bucket_arns["logs"]}/cloudfront/AWSLogs/${var.account_id}/*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id, "s3:x-amz-acl" = "bucket-owner-full-control" }
          ArnLike      = { "aws:SourceArn" = sources }
        }
      } if length(sources) > 0
    ],
  )
}

resource "aws_s3_bucket_logging" "this" {
  for_each = local.logged

  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = aws_s3_bucket.this["logs"].id
  target_prefix = "s3/${each.key}/"

  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "EventTime"
    }
  }

  depends_on = [aws_s3_bucket_policy.this]
}
