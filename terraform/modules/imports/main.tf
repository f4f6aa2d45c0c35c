# The state machine that brings the objects of other buckets in, and its role. The definition is
# statemachine/import-bucket.asl.json (ADR 62).

locals {
  name              = "${var.name_prefix}-import-bucket"
  state_machine_arn = "arn:${var.partition}:states:${var.region}:${var.account_id}:stateMachine:${local.name}"
  executions        = replace(local.state_machine_arn, ":stateMachine:", ":execution:")
  results           = "arn:${var.partition}:s3:::${var.images_bucket}/work/imports/*"
  through_s3        = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }

  permissions = [
    { Sid = "BringBatches", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = var.bring_arn },
    { Sid = "ListBuckets", Effect = "Allow", Action = "s3:ListBucket", Resource = var.import_buckets },
    # Each batch is an execution of this machine, which Step Functions starts and stops with this role.
    { Sid = "RunBatches", Effect = "Allow", Action = "states:StartExecution", Resource = local.state_machine_arn },
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
  ]
}

resource "aws_iam_role" "this" {
  name        = local.name
  description = "Darkroom import-bucket: what the state machine may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        # The executions of batches come in a name behind the machine's.
        ArnLike = { "aws:SourceArn" = [local.state_machine_arn, "${local.state_machine_arn}/*"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "import-bucket"
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.permissions })
}

resource "aws_sfn_state_machine" "this" {
  #checkov:skip=CKV_AWS_284:an import is seen in its own report; each photo is traced by the machine that develops it
  #checkov:skip=CKV_AWS_285:Step Functions keeps each batch's history for 90 days, and the function logs each object

  name     = local.name
  type     = "STANDARD"
  role_arn = aws_iam_role.this.arn

  definition = templatefile(var.definition_path, {
    bring_arn       = var.bring_arn
    batch_size      = var.batch_size
    batches_at_once = var.batches_at_once
    images_bucket   = var.images_bucket
  })

  depends_on = [aws_iam_role_policy.this]
}
