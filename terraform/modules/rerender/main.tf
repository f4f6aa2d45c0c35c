# The state machine that moves a library to another recipe (ADR 61), its role and its log. The definition is
# statemachine/rerender.asl.json. It has no versions: an operator starts it a few times a year, and an execution keeps
# the definition that it began with.

locals {
  name              = "${var.name_prefix}-rerender-library" # the function and its role are called rerender
  state_machine_arn = "arn:${var.partition}:states:${var.region}:${var.account_id}:stateMachine:${local.name}"
  execution_arn     = replace(local.state_machine_arn, ":stateMachine:", ":execution:")

  # The role may use the storage key through S3 only.
  through_s3 = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }

  permissions = concat(
    [
      {
        Sid      = "InvokeFunctions"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for name in ["rerender", "resize", "watermark"] : var.function_arns[name]]
      },
      {
        Sid       = "MoveRecords"
        Effect    = "Allow"
        Action    = "dynamodb:UpdateItem"
        Resource  = var.table_arn
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["USER#*"] } }
      },
      {
        Sid       = "WriteFailuresDown"
        Effect    = "Allow"
        Action    = "dynamodb:PutItem"
        Resource  = var.table_arn
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["OPS#*"] } }
      },
      # A Distributed Map runs its items as executions of the machine itself, and looks after them.
      { Sid = "StartItems", Effect = "Allow", Action = "states:StartExecution", Resource = local.state_machine_arn },
      {
        Sid      = "LookAfterItems"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:StopExecution"]
        Resource = ["${local.execution_arn}:*", "${local.execution_arn}/photos:*"]
      },
      {
        Sid       = "ListPages"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = var.images_bucket_arn
        Condition = { StringLike = { "s3:prefix" = "rerenders/*" } }
      },
      # The results are uploaded in parts, and looked at once before the first.
      {
        Sid      = "ReadPagesWriteResults"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = "${var.images_bucket_arn}/rerenders/*"
      },
      {
        Sid       = "UseTheStorageKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.storage_key_arn
        Condition = local.through_s3
      },
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
  description = "Darkroom rerender-library: what the state machine may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        # An item runs in the name of the machine's Map.
        ArnLike = { "aws:SourceArn" = [local.state_machine_arn, "${local.state_machine_arn}/*"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "rerender"
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

  definition = templatefile(var.definition_path, {
    rerender_arn  = var.function_arns["rerender"]
    resize_arn    = var.function_arns["resize"]
    watermark_arn = var.function_arns["watermark"]
    images_bucket = var.images_bucket
    images_table  = var.table_name
    at_once       = var.at_once
  })

  # Errors only: of ten million photos, all that works would be a hundred million lines.
  dynamic "logging_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      level                  = "ERROR"
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
