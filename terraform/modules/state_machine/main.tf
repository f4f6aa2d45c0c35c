# A state machine of Step Functions, its role, and its log and traces. What the role may do is the caller's.

locals {
  name = "${var.name_prefix}-${var.name}"
  # Made of names: the permissions of a machine that starts itself are known before it exists.
  arn = "arn:${var.partition}:states:${var.region}:${var.account_id}:stateMachine:${local.name}"

  # Log delivery and X-Ray know no resources for these actions.
  telemetry_permissions = concat(
    var.telemetry.logging ? [{
      Sid    = "DeliverLogs"
      Effect = "Allow"
      Action = [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ]
      Resource = "*"
    }] : [],
    var.telemetry.tracing ? [{
      Sid    = "WriteTraces"
      Effect = "Allow"
      Action = [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ]
      Resource = "*"
    }] : [],
  )
}

resource "aws_iam_role" "this" {
  name        = local.name
  description = "Darkroom ${var.name}: what the state machine may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = [local.arn, "${local.arn}${var.executions_come_as}"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(jsondecode(var.permissions), local.telemetry_permissions) })
}

# The prefix /aws/vendedlogs/ keeps the account's one resource policy for log delivery small.
resource "aws_cloudwatch_log_group" "this" {
  count = var.telemetry.logging ? 1 : 0

  name              = "/aws/vendedlogs/states/${local.name}"
  retention_in_days = var.telemetry.log_retention_days
  kms_key_id        = var.telemetry.logs_kms_key_arn
}

resource "aws_sfn_state_machine" "this" {
  name       = local.name
  type       = "STANDARD"
  role_arn   = aws_iam_role.this.arn
  definition = var.definition
  publish    = var.publish

  dynamic "logging_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      level                  = var.log_level
      include_execution_data = var.telemetry.log_execution_data
      log_destination        = "${logging_configuration.value.arn}:*"
    }
  }

  dynamic "tracing_configuration" {
    for_each = var.telemetry.tracing ? [true] : []

    content {
      enabled = true
    }
  }

  # AWS checks on creation that the role may deliver logs.
  depends_on = [aws_iam_role_policy.this]
}
