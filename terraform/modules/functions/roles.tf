# One role per function, and in it exact actions on exact resources. A presigned URL is good for what the
# role that signed it may do, so `upload` and `images` carry the permissions of the URLs they hand out. What each may do is
# in permissions_people.tf, permissions_photos.tf and permissions_operators.tf.

locals {
  originals = var.resources.originals_bucket_arn
  images    = var.resources.images_bucket_arn

  # A role may use the storage key through S3 only.
  through_s3 = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }

  # AWS authorises a call through an alias by the machine's own ARN; only conditions know the alias.
  through_the_alias = {
    for key, value in { Condition = { "ForAnyValue:StringEquals" = { "states:StateMachineQualifier" = var.state_machine_alias } } } :
    key => value if var.state_machine_alias != null
  }

  # What operators' functions look at: single executions, whose ARNs end in their names.
  executions = "${replace(var.resources.state_machine_arn, ":stateMachine:", ":execution:")}:*"
  rerenders  = "${replace(var.resources.rerender_machine_arn, ":stateMachine:", ":execution:")}:*"

  # The same of the machine that imports buckets.
  import_executions = "${replace(var.resources.imports_machine_arn, ":stateMachine:", ":execution:")}:*"

  # Acts of operators have partitions of their own, so that who may write them reaches no photo's record.
  photos_only = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["USER#*"] } }
  acts_only   = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["OPS#*"] } }

  # Imports are kept beside the acts about them.
  imports_only = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["OPS#IMPORT#*"] } }

  # In the order of their names: each queue with where its messages go that cannot be handled.
  redrivable = {
    erasures = [var.resources.erasures_queue_arn, var.resources.erasures_dlq_arn]
    uploads  = [var.resources.uploads_queue_arn, var.resources.uploads_dlq_arn]
    webhooks = [var.resources.webhooks_queue_arn, var.resources.webhooks_dlq_arn]
  }

  read_originals = [
    {
      Sid      = "ReadOriginals"
      Effect   = "Allow"
      Action   = "s3:GetObjectVersion" # never the newest: an order names its version
      Resource = ["${local.originals}/imports/*", "${local.originals}/uploads/*"]
    },
    # Without them S3 answers 403 for an object or a version that is gone, and Image.Gone would look like a missing
    # permission.
    {
      Sid      = "TellGoneFromForbidden"
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:ListBucketVersions"]
      Resource = local.originals
    },
  ]
  decrypt_objects = {
    Sid       = "DecryptObjects"
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = var.resources.storage_key_arn
    Condition = local.through_s3
  }
  encrypt_objects = {
    Sid       = "EncryptObjects"
    Effect    = "Allow"
    Action    = "kms:GenerateDataKey"
    Resource  = var.resources.storage_key_arn
    Condition = local.through_s3
  }

  remove_photos = [
    {
      Sid       = "FindVersionsOfUploads"
      Effect    = "Allow"
      Action    = "s3:ListBucketVersions"
      Resource  = local.originals
      Condition = { StringLike = { "s3:prefix" = "uploads/*" } }
    },
    {
      Sid       = "FindVersionsOfWhatWasMade"
      Effect    = "Allow"
      Action    = "s3:ListBucketVersions"
      Resource  = local.images
      Condition = { StringLike = { "s3:prefix" = ["variants/*", "work/*"] } }
    },
    # S3 asks DeleteObjects for s3:DeleteObject always, and for a version's own action beside it.
    {
      Sid      = "RemoveVersions"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
      Resource = ["${local.originals}/uploads/*", "${local.images}/variants/*", "${local.images}/work/*"]
    },
  ]

  list_records = {
    Sid      = "ListRecords"
    Effect   = "Allow"
    Action   = "dynamodb:Query"
    Resource = [var.resources.table_arn, "${var.resources.table_arn}/index/album", "${var.resources.table_arn}/index/ready"]
  }

  # The table's key needs no line here: its policy admits each role that may use the table, through DynamoDB.
  permissions = merge(local.for_people, local.for_photos, local.for_operators)

  # A function that is given the key of tokens may derive keys from it, and nothing else.
  derive_keys = {
    Sid      = "DeriveKeys"
    Effect   = "Allow"
    Action   = "kms:GenerateMac"
    Resource = var.resources.token_key_arn
  }

  write_logs = {
    for name, group in aws_cloudwatch_log_group.this : name => {
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:${group.name}:*"
    }
  }

  # Lambda uses these actions to attach the function to its network. The statement names no resource because the
  # network interfaces do not exist yet; the second statement keeps it from the function's own code.
  attach_to_network = {
    for name in keys(var.functions) : name => [
      {
        Sid    = "LambdaAttachesToTheNetwork"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
      },
      {
        Sid    = "TheCodeItselfMustNot"
        Effect = "Deny"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = "*"
        Condition = {
          ArnEquals = {
            "lambda:SourceFunctionArn" = "arn:${var.partition}:lambda:${var.region}:${var.account_id}:function:${var.name_prefix}-${name}"
          }
        }
      },
    ]
  }

  # X-Ray knows no resources for these actions.
  write_traces = {
    Sid      = "WriteTraces"
    Effect   = "Allow"
    Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    Resource = "*"
  }
}

resource "aws_iam_role" "this" {
  for_each = var.functions

  name        = "${var.name_prefix}-${each.key}"
  description = "Darkroom ${each.key}: what this function may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = var.functions

  name = each.key
  role = aws_iam_role.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.write_logs[each.key]],
      local.permissions[each.key],
      [for name in each.value.environment : local.derive_keys if name == "TOKEN_KEY_ARN"],
      [for statement in local.attach_to_network[each.key] : statement if each.value.vpc && var.vpc != null],
      var.tracing ? [local.write_traces] : [],
    )
  })
}
