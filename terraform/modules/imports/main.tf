# The state machine that brings the objects of other buckets in (ADR 62). The definition is
# statemachine/import-bucket.asl.json.

locals {
  executions = replace(module.state_machine.arn, ":stateMachine:", ":execution:")
  results    = "arn:${var.partition}:s3:::${var.images_bucket}/work/imports/*"
  through_s3 = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
}

module "state_machine" {
  source = "../state_machine"

  name_prefix = var.name_prefix
  name        = "import-bucket"
  account_id  = var.account_id
  partition   = var.partition
  region      = var.region
  log_level   = "ERROR" # of ten million objects, a hundred thousand batches work
  telemetry   = var.telemetry
  # The executions of batches come in a name behind the machine's.
  executions_come_as = "/*"

  permissions = jsonencode([
    { Sid = "BringBatches", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = var.bring_arn },
    { Sid = "ListBuckets", Effect = "Allow", Action = "s3:ListBucket", Resource = var.import_buckets },
    # Each batch is an execution of this machine, which Step Functions starts and stops with this role.
    { Sid = "RunBatches", Effect = "Allow", Action = "states:StartExecution", Resource = module.state_machine.arn },
    {
      Sid      = "WatchBatches"
      Effect   = "Allow"
      Action   = ["states:DescribeExecution", "states:StopExecution"]
      Resource = ["${local.executions}:*", "${local.executions}/*"]
    },
    # The outputs of some hundred thousand batches do not fit into one; they expire after a day.
    {
      Sid      = "WriteResults"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      Resource = local.results
    },
    {
      Sid       = "EncryptResults"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = var.storage_key_arn
      Condition = local.through_s3
    },
  ])

  definition = templatefile(var.definition_path, {
    bring_arn       = var.bring_arn
    batch_size      = var.batch_size
    batches_at_once = var.batches_at_once
    images_bucket   = var.images_bucket
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
  from = aws_sfn_state_machine.this
  to   = module.state_machine.aws_sfn_state_machine.this
}
