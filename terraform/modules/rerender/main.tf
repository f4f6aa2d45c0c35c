# The state machine that moves a library to another recipe (ADR 61). The definition is statemachine/rerender.asl.json. It
# has no versions: an operator starts it a few times a year, and an execution keeps the definition that it began with.

locals {
  execution_arn = replace(module.state_machine.arn, ":stateMachine:", ":execution:")

  # The role may use the storage key through S3 only.
  through_s3 = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
}

module "state_machine" {
  source = "../state_machine"

  name_prefix = var.name_prefix
  name        = "rerender-library" # the function and its role are called rerender
  account_id  = var.account_id
  partition   = var.partition
  region      = var.region
  log_level   = "ERROR" # of ten million photos, all that works would be a hundred million lines
  telemetry   = var.telemetry
  # An item runs in the name of the machine's Map.
  executions_come_as = "/*"

  permissions = jsonencode([
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
    { Sid = "StartItems", Effect = "Allow", Action = "states:StartExecution", Resource = module.state_machine.arn },
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
  ])

  definition = templatefile(var.definition_path, {
    rerender_arn  = var.function_arns["rerender"]
    resize_arn    = var.function_arns["resize"]
    watermark_arn = var.function_arns["watermark"]
    images_bucket = var.images_bucket
    images_table  = var.table_name
    at_once       = var.at_once
  })
}

# The resources were this module's own before the module state_machine was made.
moved {
  from = aws_iam_role.this
  to   = module.state_machine.aws_iam_role.this
}

moved {
  from = aws_iam_role_policy.this
  to   = module.state_machine.aws_iam_role_policy.this
}

moved {
  from = aws_cloudwatch_log_group.this
  to   = module.state_machine.aws_cloudwatch_log_group.this
}

moved {
  from = aws_sfn_state_machine.this
  to   = module.state_machine.aws_sfn_state_machine.this
}
