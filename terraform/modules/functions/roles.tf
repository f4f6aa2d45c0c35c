# One role per function, and in it exact actions on exact resources. A presigned URL is good for what the
# role that signed it may do, so `upload` and `images` carry the permissions of the URLs they hand out.

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
  permissions = {
    # Its other calls of Cognito need the client's secret and no permission.
    auth = [
      {
        Sid      = "UseThePoolThroughItsClient"
        Effect   = "Allow"
        Action   = ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:DescribeUserPoolClient"]
        Resource = var.resources.user_pool_arn
      },
      { Sid = "AskForErasures", Effect = "Allow", Action = "sqs:SendMessage", Resource = var.resources.erasures_queue_arn },
      {
        Sid       = "EncryptWhatIsAskedFor"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
    ]

    # This role may remove every photo, so no route leads to the function: it reads one queue and nothing else calls it.
    erase = concat(local.remove_photos, [
      {
        Sid      = "ReadErasuresAndPutThemOff"
        Effect   = "Allow"
        Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = var.resources.erasures_queue_arn
      },
      {
        Sid       = "DecryptErasures"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
      {
        Sid      = "ForgetOwners"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"]
        Resource = var.resources.table_arn
      },
      {
        Sid      = "CloseAccounts"
        Effect   = "Allow"
        Action   = ["cognito-idp:AdminDeleteUser", "cognito-idp:AdminDisableUser", "cognito-idp:AdminUserGlobalSignOut"]
        Resource = var.resources.user_pool_arn
      },
    ])

    # It finds what is unfinished, finishes deletions, and tells lost events again. It cannot start an execution: the
    # orchestrator does, by its own rules (ADR 8). It compares keys with records and reads no photo (ADR 9).
    sweep = concat(local.remove_photos, [
      {
        Sid      = "FindUnfinishedAndOwners"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = [for index in ["image", "rejected", "unfinished"] : "${var.resources.table_arn}/index/${index}"]
      },
      # The one role that scans: it visits what is ready, and nobody waits for it.
      { Sid = "VisitWhatIsReady", Effect = "Allow", Action = "dynamodb:Scan", Resource = "${var.resources.table_arn}/index/ready" },
      {
        Sid       = "ListOriginals"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.originals
        Condition = { StringLike = { "s3:prefix" = ["imports/*", "uploads/*"] } }
      },
      {
        Sid       = "ListVariants"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.images
        Condition = { StringLike = { "s3:prefix" = "variants/*" } }
      },
      { Sid = "WriteActsDown", Effect = "Allow", Action = "dynamodb:PutItem", Resource = var.resources.table_arn, Condition = local.acts_only },
      {
        Sid      = "FinishRecords"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]
        Resource = var.resources.table_arn
      },
      { Sid = "LookAtExecutions", Effect = "Allow", Action = "states:DescribeExecution", Resource = local.executions },
      { Sid = "TellEventsAgain", Effect = "Allow", Action = "sqs:SendMessage", Resource = var.resources.uploads_queue_arn },
      {
        Sid       = "EncryptWhatIsTold"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
    ])

    upload = [
      {
        Sid      = "WriteTickets"
        Effect   = "Allow"
        Action   = ["dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = var.resources.table_arn
      },
      {
        Sid      = "CountWhatIsStored"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = "${var.resources.table_arn}/index/ready"
      },
      { Sid = "SignUploads", Effect = "Allow", Action = "s3:PutObject", Resource = "${local.originals}/uploads/*" },
      # Some guides of AWS demand it if the bucket has a bucket key. Without s3:GetObject it opens nothing.
      local.decrypt_objects,
      local.encrypt_objects,
    ]

    albums = [
      {
        Sid    = "KeepAlbumsAndLinks"
        Effect = "Allow"
        Action = [
          "dynamodb:BatchGetItem",
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

    images = concat([
      {
        Sid    = "ReadChangeAndForgetRecords"
        Effect = "Allow"
        Action = [
          "dynamodb:BatchGetItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:GetItem",
          "dynamodb:UpdateItem",
        ]
        Resource = var.resources.table_arn
      },
      local.list_records,
      {
        Sid      = "ListWhatIsPublic"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = "${var.resources.table_arn}/index/public"
      },
      { Sid = "SignDownloads", Effect = "Allow", Action = "s3:GetObject", Resource = "${local.images}/variants/*" },
      { Sid = "SignOriginals", Effect = "Allow", Action = "s3:GetObjectVersion", Resource = "${local.originals}/uploads/*" },
      local.decrypt_objects,
    ], local.remove_photos)

    # It reads and does nothing else (ADR 54).
    watch = [
      { Sid = "ListExecutions", Effect = "Allow", Action = "states:ListExecutions", Resource = var.resources.state_machine_arn },
      {
        Sid      = "LookAtExecutions"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:GetExecutionHistory"]
        Resource = local.executions
      },
      {
        Sid      = "MeasureQueues"
        Effect   = "Allow"
        Action   = "sqs:GetQueueAttributes"
        Resource = concat(flatten(values(local.redrivable)), [var.resources.undelivered_arn])
      },
      { Sid = "ReadRecords", Effect = "Allow", Action = "dynamodb:GetItem", Resource = var.resources.table_arn },
      { Sid = "ReadActs", Effect = "Allow", Action = "dynamodb:Query", Resource = var.resources.table_arn, Condition = local.acts_only },
      { Sid = "ListRejected", Effect = "Allow", Action = "dynamodb:Query", Resource = "${var.resources.table_arn}/index/rejected" },
    ]

    # It starts executions, moves dead letters, starts and stops imports, and writes down who asked.
    mend = concat(length(var.import_buckets) == 0 ? [] : [
      # A dry run counts objects and their bytes.
      { Sid = "CountObjects", Effect = "Allow", Action = "s3:ListBucket", Resource = var.import_buckets },
      ], [
      {
        Sid      = "StartImports"
        Effect   = "Allow"
        Action   = ["states:ListExecutions", "states:StartExecution"]
        Resource = var.resources.imports_machine_arn
      },
      {
        Sid      = "StopImports"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:StopExecution"]
        Resource = local.import_executions
      },
      {
        Sid       = "KeepImports"
        Effect    = "Allow"
        Action    = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]
        Resource  = var.resources.table_arn
        Condition = local.imports_only
      },
      { Sid = "FindOwners", Effect = "Allow", Action = "cognito-idp:AdminGetUser", Resource = var.resources.user_pool_arn },
      # An execution is started again with the input that it had.
      { Sid = "ReadInputs", Effect = "Allow", Action = "states:DescribeExecution", Resource = local.executions },
      merge(
        { Sid = "StartExecutions", Effect = "Allow", Action = "states:StartExecution", Resource = var.resources.state_machine_arn },
        local.through_the_alias,
      ),
      {
        Sid      = "TakeDeadLetters"
        Effect   = "Allow"
        Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"]
        Resource = [for queues in values(local.redrivable) : queues[1]]
      },
      # A dry run tells what the record of a letter's photo says.
      { Sid = "ReadRecords", Effect = "Allow", Action = "dynamodb:GetItem", Resource = var.resources.table_arn, Condition = local.photos_only },
      {
        Sid      = "SendThemBack"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = [for queues in values(local.redrivable) : queues[0]]
      },
      # Dead letters are encrypted with a key of SQS, and need none of ours.
      {
        Sid       = "EncryptWhatIsSentBack"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.resources.messaging_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "sqs.${var.region}.amazonaws.com" } }
      },
      { Sid = "WriteActsDown", Effect = "Allow", Action = "dynamodb:PutItem", Resource = var.resources.table_arn, Condition = local.acts_only },
      # The record says first that an execution begins, so that the photo is not deleted meanwhile.
      { Sid = "MarkRestarts", Effect = "Allow", Action = "dynamodb:UpdateItem", Resource = var.resources.table_arn, Condition = local.photos_only },
    ])

    # It copies objects of other buckets in, which S3 does by itself, and writes the records that tickets would have.
    bring = concat(
      [
        {
          Sid       = "WriteRecords"
          Effect    = "Allow"
          Action    = ["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:PutItem"]
          Resource  = var.resources.table_arn
          Condition = local.photos_only
        },
        {
          Sid       = "RecallDeletions"
          Effect    = "Allow"
          Action    = "dynamodb:GetItem"
          Resource  = var.resources.table_arn
          Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["GONE#*", "OPS#IMPORT#*"] } }
        },
        {
          Sid       = "TellHowFarItCame"
          Effect    = "Allow"
          Action    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource  = var.resources.table_arn
          Condition = local.imports_only
        },
        { Sid = "CopyIn", Effect = "Allow", Action = "s3:PutObject", Resource = "${local.originals}/uploads/*" },
        local.decrypt_objects,
        local.encrypt_objects,
      ],
      length(var.import_buckets) == 0 ? [] : [
        { Sid = "ReadOtherBuckets", Effect = "Allow", Action = "s3:GetObject", Resource = [for arn in var.import_buckets : "${arn}/*"] },
        # Without it S3 answers 403 for an object that is gone.
        { Sid = "TellGoneFromForbidden", Effect = "Allow", Action = "s3:ListBucket", Resource = var.import_buckets },
      ],
      length(var.import_key_arns) == 0 ? [] : [
        { Sid = "DecryptOtherBuckets", Effect = "Allow", Action = "kms:Decrypt", Resource = var.import_key_arns, Condition = local.through_s3 },
      ],
    )

    # It lists photos and decides about each; the workers make them, and the state machine writes their records. Of what
    # was made in vain it removes the versions.
    rerender = [
      { Sid = "VisitWhatIsReady", Effect = "Allow", Action = "dynamodb:Scan", Resource = "${var.resources.table_arn}/index/ready" },
      {
        Sid      = "VisitOwnersAndAlbums"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = [for index in ["album", "ready"] : "${var.resources.table_arn}/index/${index}"]
      },
      {
        Sid       = "ReadRecords"
        Effect    = "Allow"
        Action    = "dynamodb:BatchGetItem"
        Resource  = var.resources.table_arn
        Condition = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["OPS#*", "USER#*"] } }
      },
      { Sid = "ReadFailures", Effect = "Allow", Action = "dynamodb:Query", Resource = var.resources.table_arn, Condition = local.acts_only },
      { Sid = "WriteActsAndStopsDown", Effect = "Allow", Action = "dynamodb:PutItem", Resource = var.resources.table_arn, Condition = local.acts_only },
      { Sid = "WritePages", Effect = "Allow", Action = "s3:PutObject", Resource = "${local.images}/rerenders/*" },
      # As for `upload`: S3 may ask for it, and without s3:GetObject it opens nothing.
      local.decrypt_objects,
      local.encrypt_objects,
      {
        Sid       = "FindVersionsOfWhatWasMade"
        Effect    = "Allow"
        Action    = "s3:ListBucketVersions"
        Resource  = local.images
        Condition = { StringLike = { "s3:prefix" = ["variants/*", "work/*"] } }
      },
      {
        Sid      = "RemoveVersions"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        Resource = ["${local.images}/variants/*", "${local.images}/work/*"]
      },
      {
        Sid      = "StartAndListRerenders"
        Effect   = "Allow"
        Action   = ["states:ListExecutions", "states:StartExecution"]
        Resource = var.resources.rerender_machine_arn
      },
      {
        Sid      = "WatchAndStopRerenders"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:ListMapRuns", "states:StopExecution"]
        Resource = local.rerenders
      },
      {
        Sid      = "CountPhotos"
        Effect   = "Allow"
        Action   = "states:DescribeMapRun"
        Resource = "${replace(var.resources.rerender_machine_arn, ":stateMachine:", ":mapRun:")}/photos:*"
      },
    ]

    meta = [] # Its answers are made when it is built.

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
      # Deleted photos are hidden; a version that came under a used ticket is removed.
      {
        Sid      = "HideOrRemoveUploads"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        Resource = "${local.originals}/uploads/*"
      },
      {
        Sid      = "ClaimRecord"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        Resource = var.resources.table_arn
      },
      # On the machine as a whole, so that executions count however they were started.
      { Sid = "CountExecutions", Effect = "Allow", Action = "states:ListExecutions", Resource = var.resources.state_machine_arn },
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
