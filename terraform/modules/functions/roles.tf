# One role per function, and in it exact actions on exact resources. A presigned URL is good for what the
# role that signed it may do, so `upload` and `images` carry the permissions of the URLs they hand out.

locals {
  originals = var.resources.originals_bucket_arn
  images    = var.resources.images_bucket_arn

  # What a role may do with the storage key it may do through S3 only.
  through_s3 = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }

  # A call through an alias is authorised by the machine's own ARN; the alias is known to conditions only.
  through_the_alias = {
    for key, value in { Condition = { "ForAnyValue:StringEquals" = { "states:StateMachineQualifier" = var.state_machine_alias } } } :
    key => value if var.state_machine_alias != null
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

  list_records = {
    Sid      = "ListRecords"
    Effect   = "Allow"
    Action   = "dynamodb:Query"
    Resource = [var.resources.table_arn, "${var.resources.table_arn}/index/album", "${var.resources.table_arn}/index/public"]
  }

  # The table's key needs no line here: its policy admits whoever may use the table, through DynamoDB.
  permissions = {
    auth = [] # Signing up and in are public calls; Cognito asks for no AWS identity.

    upload = [
      {
        Sid      = "WriteTickets"
        Effect   = "Allow"
        Action   = ["dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = var.resources.table_arn
      },
      { Sid = "SignUploads", Effect = "Allow", Action = "s3:PutObject", Resource = "${local.originals}/uploads/*" },
      # Some guides of AWS ask for it where the bucket has a bucket key. Without s3:GetObject it opens nothing.
      local.decrypt_objects,
      local.encrypt_objects,
    ]

    albums = [
      {
        Sid    = "KeepAlbumsAndLinks"
        Effect = "Allow"
        Action = [
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
        ]
        Resource = var.resources.table_arn
      },
      local.list_records,
      { Sid = "SignDownloads", Effect = "Allow", Action = "s3:GetObject", Resource = "${local.images}/variants/*" },
      local.decrypt_objects,
    ]

    announce = [
      {
        Sid      = "ReadChanges"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = "${var.resources.table_arn}/stream/*" # a stream is called by the time it was made
      },
      { Sid = "TellTheBus", Effect = "Allow", Action = "events:PutEvents", Resource = var.resources.event_bus_arn },
      { Sid = "WriteDownWhatWasNotTold", Effect = "Allow", Action = "sqs:SendMessage", Resource = var.resources.undelivered_arn },
      {
        Sid       = "EncryptWhatIsWrittenDown"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
    ]

    images = [
      {
        Sid    = "ReadChangeAndForgetRecords"
        Effect = "Allow"
        Action = [
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:GetItem",
          "dynamodb:UpdateItem",
        ]
        Resource = var.resources.table_arn
      },
      local.list_records,
      { Sid = "SignDownloads", Effect = "Allow", Action = "s3:GetObject", Resource = "${local.images}/variants/*" },
      { Sid = "SignOriginals", Effect = "Allow", Action = "s3:GetObjectVersion", Resource = "${local.originals}/uploads/*" },
      local.decrypt_objects,
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

    meta = [] # What it answers was made when it was built.

    webhook = [
      {
        Sid      = "ReadEventsAndPutThemOff"
        Effect   = "Allow"
        Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = var.resources.webhooks_queue_arn
      },
      {
        Sid       = "DecryptEvents"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
      {
        Sid      = "KeepWebhooks"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]
        Resource = var.resources.table_arn
      },
    ]

    orchestrator = [
      {
        Sid      = "ReadEvents"
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = var.resources.uploads_queue_arn
      },
      {
        Sid       = "DecryptEvents"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
      { Sid = "HideUnticketedUploads", Effect = "Allow", Action = "s3:DeleteObject", Resource = "${local.originals}/uploads/*" },
      { Sid = "ClaimRecord", Effect = "Allow", Action = "dynamodb:UpdateItem", Resource = var.resources.table_arn },
      merge(
        { Sid = "StartExecutions", Effect = "Allow", Action = "states:StartExecution", Resource = var.resources.state_machine_arn },
        local.through_the_alias,
      ),
    ]

    validate = concat(local.read_originals, [local.decrypt_objects])

    resize = concat(local.read_originals, [
      local.decrypt_objects,
      {
        Sid      = "WriteWorkFiles"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${local.images}/work/*"
      },
      local.encrypt_objects,
    ])

    watermark = [
      { Sid = "ReadWorkFiles", Effect = "Allow", Action = "s3:GetObject", Resource = "${local.images}/work/*" },
      # A work file expires after a day; without it that would be a 403.
      { Sid = "TellGoneFromForbidden", Effect = "Allow", Action = "s3:ListBucket", Resource = local.images },
      local.decrypt_objects,
      { Sid = "WriteVariants", Effect = "Allow", Action = "s3:PutObject", Resource = "${local.images}/variants/*" },
      local.encrypt_objects,
    ]
  }

  # Whoever is told the key of tokens may have keys derived of it, and nothing else.
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

  # What Lambda does with the role to attach the function to its network. It names no resource because the
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
