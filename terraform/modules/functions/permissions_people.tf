# What the functions may do that people's requests reach, and the one that calls their webhooks.

locals {
  for_people = {
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
  }
}
