# What the functions may do that develop photos, announce them, and remove what nobody needs.

locals {
  for_photos = {
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
  }
}
