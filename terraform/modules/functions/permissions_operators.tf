# What the functions may do that operators reach, and those that their machines call.

locals {
  for_operators = {
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
  }
}
