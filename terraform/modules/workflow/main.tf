# The state machine that develops a photo, its role and its log. The definition is statemachine/process-image.asl.json.

locals {
  name              = "${var.name_prefix}-process-image"
  state_machine_arn = "arn:${var.partition}:states:${var.region}:${var.account_id}:stateMachine:${local.name}"

  permissions = concat(
    [
      {
        Sid      = "InvokeWorkers"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for name in ["resize", "validate", "watermark"] : var.worker_arns[name]]
      },
      { Sid = "WriteRecord", Effect = "Allow", Action = "dynamodb:UpdateItem", Resource = var.table_arn },
    ],
    # Log delivery and X-Ray know no resources for these actions.
    var.logging ? [{
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
    var.tracing ? [{
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
  description = "Darkroom process-image: what the state machine may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        # An execution through the alias may come in the name of the alias or its version.
        ArnLike = { "aws:SourceArn" = [local.state_machine_arn, "${local.state_machine_arn}:*"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "process-image"
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.permissions })
}

# The prefix /aws/vendedlogs/ keeps the account's one resource policy for log delivery small.
resource "aws_cloudwatch_log_group" "this" {
  count = var.logging ? 1 : 0

  name              = "/aws/vendedlogs/states/${local.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_sfn_state_machine" "this" {
  name     = local.name
  type     = "STANDARD"
  role_arn = aws_iam_role.this.arn
  publish  = var.publish

  definition = templatefile(var.definition_path, {
    validate_arn  = var.worker_arns["validate"]
    resize_arn    = var.worker_arns["resize"]
    watermark_arn = var.worker_arns["watermark"]
    images_table  = var.table_name
    docs_url      = var.docs_url
  })

  dynamic "logging_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      level                  = "ALL"
      include_execution_data = var.log_execution_data
      log_destination        = "${logging_configuration.value.arn}:*"
    }
  }

  dynamic "tracing_configuration" {
    for_each = var.tracing ? [true] : []

    content {
      enabled = true
    }
  }

  # AWS checks on creation that the role may deliver logs.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_sfn_alias" "live" {
  count = var.publish ? 1 : 0

  name        = "live"
  description = "What the orchestrator starts"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.this.state_machine_version_arn
    weight                    = 100
  }
}
