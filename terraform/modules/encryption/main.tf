# One key per kind of data, so that a grant on one never opens another.
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

  # IAM decides who in the account; the key adds that it must come through the service.
  used_through = {
    for service in ["s3", "sqs"] : service => {
      Sid       = "CallersOfThisAccountThrough${upper(service)}"
      Effect    = "Allow"
      Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
      Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
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

  # The topic of alarms is encrypted with the messaging key; without this grant alarms are silent.
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

  # The pattern DynamoDB documents: whoever may use the table may use its key, through DynamoDB only.
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

  policies = merge(
    {
      storage   = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.used_through["s3"]] })
      messaging = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.used_through["sqs"], local.s3_sends_events, local.alarms_publish] })
      metadata  = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.dynamodb_callers] })
    },
    var.encrypt_logs ? {
      logs = jsonencode({ Version = "2012-10-17", Statement = [local.administration, local.log_delivery] })
    } : {},
  )
}

resource "aws_kms_key" "this" {
  for_each = local.policies

  description             = "${var.name_prefix} ${each.key}"
  policy                  = each.value
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
}

resource "aws_kms_alias" "this" {
  for_each = aws_kms_key.this

  name          = "alias/${var.name_prefix}-${each.key}"
  target_key_id = each.value.key_id
}
