# One key per kind of data, so that a grant on one never opens another.
#
# Each policy splits administration (the account, without any use of the key) from use, and use is
# bound to the AWS service that acts for a caller of this account. In a key policy `Resource = "*"`
# means this key and nothing else.

locals {
  administration = {
    Sid       = "AccountAdministersTheKey"
    Effect    = "Allow"
    Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
    Action = [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListGrants",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]
    Resource = "*"
  }

  # IAM decides which principals of the account may; the key adds that the call must come through the service.
  used_through = {
    for service in ["s3", "sqs"] : service => {
      Sid       = "CallersOfThisAccountThrough${upper(service)}"
      Effect    = "Allow"
      Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = {
        StringEquals = {
          "kms:CallerAccount" = var.account_id
          "kms:ViaService"    = "${service}.${var.region}.amazonaws.com"
        }
      }
    }
  }

  # Without this grant S3 drops its events silently when the queue is encrypted.
  s3_sends_events = {
    Sid       = "S3SendsEventsToTheQueue"
    Effect    = "Allow"
    Principal = { Service = "s3.amazonaws.com" }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = "*"
    Condition = {
      StringEquals = { "aws:SourceAccount" = var.account_id }
      ArnEquals    = { "aws:SourceArn" = var.event_source_bucket_arn }
    }
  }

  # The same for the rule that puts announcements into the queue of webhooks.
  rule_sends_events = {
    Sid       = "EventBridgeSendsEventsToTheQueue"
    Effect    = "Allow"
    Principal = { Service = "events.amazonaws.com" }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = "*"
    Condition = {
      StringEquals = { "aws:SourceAccount" = var.account_id }
      ArnEquals    = { "aws:SourceArn" = var.event_rule_arn }
    }
  }

  # The topic of alarms is encrypted with the key of logs, since the messaging key is among what alarms tell of. Without
  # this grant alarms are silent.
  alarms_publish = {
    Sid       = "AlarmsReachTheTopic"
    Effect    = "Allow"
    Principal = { Service = "cloudwatch.amazonaws.com" }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = "*"
    Condition = {
      StringEquals = { "aws:SourceAccount" = var.account_id }
      ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:${var.name_prefix}-*" }
    }
  }

  # The pattern DynamoDB documents: a principal that may use the table may use its key, through DynamoDB only.
  dynamodb_callers = {
    Sid       = "CallersOfThisAccountThroughDynamoDB"
    Effect    = "Allow"
    Principal = { AWS = "*" }
    Action = [
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]
    Resource = "*"
    Condition = {
      StringEquals = {
        "kms:CallerAccount" = var.account_id
        "kms:ViaService"    = "dynamodb.${var.region}.amazonaws.com"
      }
    }
  }

  log_delivery = {
    Sid       = "CloudWatchLogsOfThisEnvironment"
    Effect    = "Allow"
    Principal = { Service = "logs.${var.region}.amazonaws.com" }
    Action = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]
    Resource = "*"
    Condition = {
      ArnLike = { "kms:EncryptionContext:aws:logs:arn" = var.log_group_arn_patterns }
    }
  }

  # CloudFront reads for viewers of this account's distributions; the bucket's policy says what it may read. A policy
  # that named one distribution would wait for it, and so would everything that needs the key (ADR 27).
  cloudfront_reads = {
    Sid       = "CloudFrontReadsForItsViewers"
    Effect    = "Allow"
    Principal = { Service = "cloudfront.amazonaws.com" }
    Action    = "kms:Decrypt"
    Resource  = "*"
    Condition = { ArnLike = { "aws:SourceArn" = "arn:${var.partition}:cloudfront::${var.account_id}:distribution/*" } }
  }

  # The trail writes, people of this account with the permission read, both through S3.
  trail_writes = [
    for arn in var.trail_arn == null ? [] : [var.trail_arn] : {
      Sid       = "CloudTrailEncryptsItsLog"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = ["kms:DescribeKey", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id, "aws:SourceArn" = arn } }
    }
  ]

  policies = merge(
    {
      storage = jsonencode({
        Version   = "2012-10-17"
        Statement = concat([local.administration, local.used_through["s3"]], [for served in [local.cloudfront_reads] : served if var.serve_variants])
      })
      messaging = jsonencode({
        Version   = "2012-10-17"
        Statement = [local.administration, local.used_through["sqs"], local.s3_sends_events, local.rule_sends_events]
      })
      metadata = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.dynamodb_callers] })
    },
    var.encrypt_logs ? {
      logs = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.log_delivery, local.alarms_publish] })
    } : {},
    var.web_delivery ? {
      web = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.used_through["s3"], local.cloudfront_reads] })
    } : {},
    var.trail_arn == null ? {} : {
      audit = jsonencode({
        Version   = "2012-10-17"
        Statement = concat([local.administration, local.used_through["s3"]], local.trail_writes)
      })
    },
  )
}

resource "aws_kms_key" "this" {
  for_each = local.policies

  description             = "${var.name_prefix} ${each.key}"
  policy                  = each.value
  enable_key_rotation     = var.rotate_keys
  deletion_window_in_days = var.deletion_window_days
}

locals {
  derives_keys = var.token_role_arns == null ? {} : { ArnEquals = { "aws:PrincipalArn" = var.token_role_arns } }
}

# A key that makes MACs and nothing else; it never leaves KMS, and KMS does not rotate keys of this kind. The named roles
# derive keys from it, which authenticate cursors, share links and webhooks.
resource "aws_kms_key" "tokens" {
  description              = "${var.name_prefix} tokens"
  customer_master_key_spec = "HMAC_256"
  key_usage                = "GENERATE_VERIFY_MAC"
  deletion_window_in_days  = var.deletion_window_days

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.administration,
      {
        Sid       = "TheseRolesDeriveKeys"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
        Action    = "kms:GenerateMac"
        Resource  = "*"
        Condition = local.derives_keys
      },
    ]
  })
}

resource "aws_kms_alias" "tokens" {
  name          = "alias/${var.name_prefix}-tokens"
  target_key_id = aws_kms_key.tokens.key_id
}

resource "aws_kms_alias" "this" {
  for_each = aws_kms_key.this

  name          = "alias/${var.name_prefix}-${each.key}"
  target_key_id = each.value.key_id
}
