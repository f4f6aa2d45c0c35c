# R41: what each role may do, to the letter. A new permission must be added to the table below, by hand.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/a-role"
    }
  }
}

variables {
  name_prefix = "darkroom-test"
  environment = "test"
  account_id  = "111122223333"
  region      = "eu-central-1"

  functions = {
    for name in ["albums", "announce", "auth", "bring", "erase", "images", "mend", "meta", "orchestrator", "rerender", "resize", "sweep", "upload", "validate", "watch", "watermark", "webhook"] : name => {
      memory_mb   = 256
      timeout_s   = 15
      vpc         = false
      environment = name == "images" ? ["IMAGES_TABLE", "TOKEN_KEY_ARN"] : ["IMAGES_TABLE"]
    }
  }

  environment_values = {
    IMAGES_TABLE  = "darkroom-test-images"
    TOKEN_KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/tokens"
    UNUSED        = "no function asks for it"
  }

  resources = {
    originals_bucket_arn = "arn:aws:s3:::originals"
    images_bucket_arn    = "arn:aws:s3:::images"
    table_arn            = "arn:aws:dynamodb:eu-central-1:111122223333:table/images"
    uploads_queue_arn    = "arn:aws:sqs:eu-central-1:111122223333:uploads"
    uploads_dlq_arn      = "arn:aws:sqs:eu-central-1:111122223333:uploads-dlq"
    event_bus_arn        = "arn:aws:events:eu-central-1:111122223333:event-bus/darkroom"
    undelivered_arn      = "arn:aws:sqs:eu-central-1:111122223333:undelivered"
    webhooks_queue_arn   = "arn:aws:sqs:eu-central-1:111122223333:webhooks"
    webhooks_dlq_arn     = "arn:aws:sqs:eu-central-1:111122223333:webhooks-dlq"
    erasures_queue_arn   = "arn:aws:sqs:eu-central-1:111122223333:erasures"
    erasures_dlq_arn     = "arn:aws:sqs:eu-central-1:111122223333:erasures-dlq"
    state_machine_arn    = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image"
    rerender_machine_arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:rerender"
    imports_machine_arn  = "arn:aws:states:eu-central-1:111122223333:stateMachine:import-bucket"
    storage_key_arn      = "arn:aws:kms:eu-central-1:111122223333:key/storage"
    messaging_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/messaging"
    token_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/tokens"
    user_pool_arn        = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Users1234"
  }
}

run "r41_each_role_may_do_exactly_this" {
  command = plan

  variables {
    tracing = false
  }

  assert {
    condition = {
      for name, policy in aws_iam_role_policy.this : name => sort(flatten([
        for statement in jsondecode(policy.policy).Statement : [
          for pair in setproduct(flatten([statement.Action]), flatten([statement.Resource])) :
          join(" ", concat([statement.Effect], pair, try([jsonencode(statement.Condition.StringEquals)], [])))
        ]
      ]))
      } == {
      for name, table in {
        announce = [
          "Allow dynamodb:DescribeStream ${var.resources.table_arn}/stream/*",
          "Allow dynamodb:GetRecords ${var.resources.table_arn}/stream/*",
          "Allow dynamodb:GetShardIterator ${var.resources.table_arn}/stream/*",
          "Allow dynamodb:ListStreams ${var.resources.table_arn}/stream/*",
          "Allow events:PutEvents ${var.resources.event_bus_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow sqs:SendMessage ${var.resources.undelivered_arn}",
        ]
        auth = [
          "Allow cognito-idp:AdminInitiateAuth ${var.resources.user_pool_arn}",
          "Allow cognito-idp:AdminUserGlobalSignOut ${var.resources.user_pool_arn}",
          "Allow cognito-idp:DescribeUserPoolClient ${var.resources.user_pool_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow sqs:SendMessage ${var.resources.erasures_queue_arn}",
        ]
        erase = [
          "Allow cognito-idp:AdminDeleteUser ${var.resources.user_pool_arn}",
          "Allow cognito-idp:AdminDisableUser ${var.resources.user_pool_arn}",
          "Allow cognito-idp:AdminUserGlobalSignOut ${var.resources.user_pool_arn}",
          "Allow dynamodb:DeleteItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow s3:DeleteObject arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObject arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObject arn:aws:s3:::originals/uploads/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow s3:ListBucketVersions arn:aws:s3:::images",
          "Allow s3:ListBucketVersions arn:aws:s3:::originals",
          "Allow sqs:ChangeMessageVisibility ${var.resources.erasures_queue_arn}",
          "Allow sqs:DeleteMessage ${var.resources.erasures_queue_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.erasures_queue_arn}",
          "Allow sqs:ReceiveMessage ${var.resources.erasures_queue_arn}",
        ]
        sweep = [
          "Allow dynamodb:DeleteItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/image",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/rejected",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/unfinished",
          "Allow dynamodb:Scan ${var.resources.table_arn}/index/ready",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow s3:DeleteObject arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObject arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObject arn:aws:s3:::originals/uploads/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow s3:ListBucket arn:aws:s3:::images",
          "Allow s3:ListBucket arn:aws:s3:::originals",
          "Allow s3:ListBucketVersions arn:aws:s3:::images",
          "Allow s3:ListBucketVersions arn:aws:s3:::originals",
          "Allow sqs:SendMessage ${var.resources.uploads_queue_arn}",
          "Allow states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:process-image:*",
        ]
        upload = [
          "Allow dynamodb:ConditionCheckItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/ready",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:PutObject arn:aws:s3:::originals/uploads/*",
        ]
        albums = [
          "Allow dynamodb:BatchGetItem ${var.resources.table_arn}",
          "Allow dynamodb:ConditionCheckItem ${var.resources.table_arn}",
          "Allow dynamodb:DeleteItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/album",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/ready",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:GetObject arn:aws:s3:::images/variants/*",
        ]
        images = [
          "Allow dynamodb:BatchGetItem ${var.resources.table_arn}",
          "Allow dynamodb:ConditionCheckItem ${var.resources.table_arn}",
          "Allow dynamodb:DeleteItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/album",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/public",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/ready",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateMac ${var.resources.token_key_arn}",
          "Allow s3:DeleteObject arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObject arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObject arn:aws:s3:::originals/uploads/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow s3:GetObject arn:aws:s3:::images/variants/*",
          "Allow s3:GetObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow s3:ListBucketVersions arn:aws:s3:::images",
          "Allow s3:ListBucketVersions arn:aws:s3:::originals",
        ]
        bring = [
          "Allow dynamodb:BatchGetItem ${var.resources.table_arn}",
          "Allow dynamodb:DeleteItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:PutObject arn:aws:s3:::originals/uploads/*",
        ]
        mend = [
          "Allow cognito-idp:AdminGetUser ${var.resources.user_pool_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow sqs:ChangeMessageVisibility ${var.resources.erasures_dlq_arn}",
          "Allow sqs:ChangeMessageVisibility ${var.resources.uploads_dlq_arn}",
          "Allow sqs:ChangeMessageVisibility ${var.resources.webhooks_dlq_arn}",
          "Allow sqs:DeleteMessage ${var.resources.erasures_dlq_arn}",
          "Allow sqs:DeleteMessage ${var.resources.uploads_dlq_arn}",
          "Allow sqs:DeleteMessage ${var.resources.webhooks_dlq_arn}",
          "Allow sqs:ReceiveMessage ${var.resources.erasures_dlq_arn}",
          "Allow sqs:ReceiveMessage ${var.resources.uploads_dlq_arn}",
          "Allow sqs:ReceiveMessage ${var.resources.webhooks_dlq_arn}",
          "Allow sqs:SendMessage ${var.resources.erasures_queue_arn}",
          "Allow sqs:SendMessage ${var.resources.uploads_queue_arn}",
          "Allow sqs:SendMessage ${var.resources.webhooks_queue_arn}",
          "Allow states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:import-bucket:*",
          "Allow states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:process-image:*",
          "Allow states:ListExecutions ${var.resources.imports_machine_arn}",
          "Allow states:StartExecution ${var.resources.imports_machine_arn}",
          "Allow states:StartExecution ${var.resources.state_machine_arn}",
          "Allow states:StopExecution arn:aws:states:eu-central-1:111122223333:execution:import-bucket:*",
        ]
        rerender = [
          "Allow dynamodb:BatchGetItem ${var.resources.table_arn}",
          "Allow dynamodb:PutItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/album",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/ready",
          "Allow dynamodb:Scan ${var.resources.table_arn}/index/ready",
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:DeleteObject arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObject arn:aws:s3:::images/work/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/variants/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::images/work/*",
          "Allow s3:ListBucketVersions arn:aws:s3:::images",
          "Allow s3:PutObject arn:aws:s3:::images/rerenders/*",
          "Allow states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:rerender:*",
          "Allow states:DescribeMapRun arn:aws:states:eu-central-1:111122223333:mapRun:rerender/photos:*",
          "Allow states:ListExecutions arn:aws:states:eu-central-1:111122223333:stateMachine:rerender",
          "Allow states:ListMapRuns arn:aws:states:eu-central-1:111122223333:execution:rerender:*",
          "Allow states:StartExecution arn:aws:states:eu-central-1:111122223333:stateMachine:rerender",
          "Allow states:StopExecution arn:aws:states:eu-central-1:111122223333:execution:rerender:*",
        ]
        meta = []
        watch = [
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}",
          "Allow dynamodb:Query ${var.resources.table_arn}/index/rejected",
          "Allow sqs:GetQueueAttributes ${var.resources.erasures_dlq_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.erasures_queue_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.undelivered_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.uploads_dlq_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.uploads_queue_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.webhooks_dlq_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.webhooks_queue_arn}",
          "Allow states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:process-image:*",
          "Allow states:GetExecutionHistory arn:aws:states:eu-central-1:111122223333:execution:process-image:*",
          "Allow states:ListExecutions ${var.resources.state_machine_arn}",
        ]
        orchestrator = [
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow s3:DeleteObject arn:aws:s3:::originals/uploads/*",
          "Allow s3:DeleteObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow sqs:DeleteMessage ${var.resources.uploads_queue_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.uploads_queue_arn}",
          "Allow sqs:ReceiveMessage ${var.resources.uploads_queue_arn}",
          "Allow states:ListExecutions ${var.resources.state_machine_arn}",
          "Allow states:StartExecution ${var.resources.state_machine_arn}",
        ]
        validate = [
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:GetObjectVersion arn:aws:s3:::originals/imports/*",
          "Allow s3:GetObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow s3:ListBucket arn:aws:s3:::originals",
          "Allow s3:ListBucketVersions arn:aws:s3:::originals",
        ]
        resize = [
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:GetObjectVersion arn:aws:s3:::originals/imports/*",
          "Allow s3:GetObjectVersion arn:aws:s3:::originals/uploads/*",
          "Allow s3:ListBucket arn:aws:s3:::originals",
          "Allow s3:ListBucketVersions arn:aws:s3:::originals",
          "Allow s3:PutObject arn:aws:s3:::images/work/*",
        ]
        watermark = [
          "Allow kms:Decrypt ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow kms:GenerateDataKey ${var.resources.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
          "Allow s3:GetObject arn:aws:s3:::images/work/*",
          "Allow s3:ListBucket arn:aws:s3:::images",
          "Allow s3:PutObject arn:aws:s3:::images/variants/*",
        ]
        webhook = [
          "Allow dynamodb:DeleteItem ${var.resources.table_arn}",
          "Allow dynamodb:GetItem ${var.resources.table_arn}",
          "Allow dynamodb:UpdateItem ${var.resources.table_arn}",
          "Allow kms:Decrypt ${var.resources.messaging_key_arn} {\"kms:ViaService\":\"sqs.eu-central-1.amazonaws.com\"}",
          "Allow sqs:ChangeMessageVisibility ${var.resources.webhooks_queue_arn}",
          "Allow sqs:DeleteMessage ${var.resources.webhooks_queue_arn}",
          "Allow sqs:GetQueueAttributes ${var.resources.webhooks_queue_arn}",
          "Allow sqs:ReceiveMessage ${var.resources.webhooks_queue_arn}",
        ]
        } : name => sort(concat(table, [
          for action in ["CreateLogStream", "PutLogEvents"] :
          "Allow logs:${action} arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/darkroom-test-${name}:*"
      ]))
    }
    error_message = "A role may do more or less than the table says."
  }
}

run "r62_operators_functions_reach_only_what_they_are_for" {
  command = plan

  assert {
    condition = alltrue([
      for carrier, action in { mend = "dynamodb:PutItem", rerender = "dynamodb:PutItem", sweep = "dynamodb:PutItem", watch = "dynamodb:Query" } : [
        for statement in jsondecode(aws_iam_role_policy.this[carrier].policy).Statement : statement.Condition
        if statement.Action == action && statement.Resource == var.resources.table_arn
      ] == [{ "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["OPS#*"] } }]
    ])
    error_message = "What operators did is written and listed in its own partitions, and nothing else is."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this["mend"].policy).Statement : statement.Condition
      if contains(flatten([statement.Action]), "dynamodb:GetItem") || contains(flatten([statement.Action]), "dynamodb:UpdateItem")
    ] == [for keys in ["OPS#IMPORT#*", "USER#*", "USER#*"] : { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = [keys] } }]
    error_message = "The function mend reads and changes records of photos and imports, and nothing else of the table."
  }
}

run "r41_imports_read_the_named_buckets_and_keys_and_keep_to_their_partitions" {
  command = plan

  variables {
    import_buckets  = ["arn:aws:s3:::holiday"]
    import_key_arns = ["arn:aws:kms:eu-central-1:444455556666:key/theirs"]
  }

  assert {
    condition = [
      for name in ["bring", "mend", "upload"] : toset(flatten([
        for statement in jsondecode(aws_iam_role_policy.this[name].policy).Statement : [
          for resource in flatten([statement.Resource]) : "${statement.Action} ${resource}"
        ] if can(regex("holiday|theirs", jsonencode(statement.Resource)))
      ]))
      ] == [
      toset(["s3:GetObject arn:aws:s3:::holiday/*", "s3:ListBucket arn:aws:s3:::holiday", "kms:Decrypt arn:aws:kms:eu-central-1:444455556666:key/theirs"]),
      toset(["s3:ListBucket arn:aws:s3:::holiday"]),
      toset([]),
    ]
    error_message = "Of other buckets bring reads, mend lists, and no other role does anything."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this["bring"].policy).Statement :
      can(statement.Condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]) if statement.Resource == var.resources.table_arn
    ])
    error_message = "Each access of bring to the table is bound to partitions."
  }
}

run "r41_tracing_adds_two_actions_and_nothing_else" {
  command = plan

  assert {
    condition = alltrue([
      for policy in aws_iam_role_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement if statement.Resource == "*"
        ] == [{
          Sid      = "WriteTraces"
          Effect   = "Allow"
          Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
          Resource = "*"
      }]
    ])
    error_message = "X-Ray is the only thing that a role may name without a resource."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.this : function.tracing_config[0].mode == "Active"])
    error_message = "A function does not trace."
  }
}

run "r41_each_function_has_a_role_of_its_own_that_only_lambda_assumes" {
  command = plan

  assert {
    condition     = length(toset([for role in aws_iam_role.this : role.name])) == length(var.functions)
    error_message = "Two functions share a role."
  }

  assert {
    condition = alltrue([
      for role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement == [{
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
      }]
    ])
    error_message = "A role can be assumed by something else than Lambda."
  }
}

run "r41_each_function_takes_on_its_own_role" {
  override_resource {
    target = aws_iam_role.this["auth"]
    values = { arn = "arn:aws:iam::111122223333:role/the-role-of-auth" }
  }

  assert {
    condition     = [for name, function in aws_lambda_function.this : name if endswith(function.role, "/the-role-of-auth")] == ["auth"]
    error_message = "A function may do what another one may."
  }
}

run "functions_are_what_the_binaries_are_built_for" {
  command = plan

  assert {
    condition = alltrue([
      for function in aws_lambda_function.this :
      function.runtime == "provided.al2023" && function.handler == "bootstrap" && function.architectures == tolist(["arm64"])
    ])
    error_message = "A function does not run the binaries that are shipped."
  }

  assert {
    condition = alltrue([
      for name, function in aws_lambda_function.this : function.environment[0].variables == tomap(merge({
        ENVIRONMENT             = "test"
        IMAGES_TABLE            = "darkroom-test-images"
        LOG_LEVEL               = "INFO"
        POWERTOOLS_SERVICE_NAME = "darkroom"
      }, name == "images" ? { TOKEN_KEY_ARN = var.environment_values.TOKEN_KEY_ARN } : {}))
    ])
    error_message = "A function must get what it asked for by name, and nothing else."
  }
}

run "the_placeholder_comes_with_each_function" {
  command = plan

  assert {
    condition = length(aws_s3_object.placeholder) == 0 && alltrue([
      for function in aws_lambda_function.this : endswith(function.filename, "placeholder.zip") && function.s3_bucket == null
    ])
    error_message = "Without a bucket for it, a function must be made from the file."
  }
}

run "logs_expire_and_are_encrypted" {
  command = plan

  variables {
    logs_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/logs"
  }

  assert {
    condition = alltrue([
      for name, group in aws_cloudwatch_log_group.this :
      group.name == "/aws/lambda/darkroom-test-${name}" && group.retention_in_days == 30 && group.kms_key_id == var.logs_kms_key_arn
    ])
    error_message = "A log group is kept for ever, is not encrypted, or is not the function's."
  }
}

run "r47_everything_is_invoked_through_the_alias" {
  command = plan

  assert {
    condition     = alltrue([for alias in aws_lambda_alias.live : alias.name == "live"]) && length(aws_lambda_alias.live) == length(var.functions)
    error_message = "Each function must have the alias live."
  }
}

run "r44_functions_of_the_network_run_in_it_and_their_code_cannot_touch_it" {
  command = plan

  variables {
    tracing = false
    vpc     = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
    functions = {
      upload   = { memory_mb = 256, timeout_s = 15, vpc = false, environment = [] }
      validate = { memory_mb = 256, timeout_s = 15, vpc = true, environment = [] }
    }
  }

  assert {
    condition = (
      length(aws_lambda_function.this["upload"].vpc_config) == 0 &&
      toset(aws_lambda_function.this["validate"].vpc_config[0].subnet_ids) == toset(var.vpc.subnet_ids) &&
      toset(aws_lambda_function.this["validate"].vpc_config[0].security_group_ids) == toset(var.vpc.security_group_ids)
    )
    error_message = "The functions that settings/functions.json names, and only they, must run in the network."
  }

  assert {
    condition = jsonencode({
      for name, policy in aws_iam_role_policy.this : name => [
        for statement in jsondecode(policy.policy).Statement : join(" ", [statement.Effect, length(flatten([statement.Action]))])
        if anytrue([for action in flatten([statement.Action]) : startswith(action, "ec2:")])
      ]
      }) == jsonencode({
      upload   = []
      validate = ["Allow 6", "Deny 6"]
    })
    error_message = "What Lambda may do to attach a function must be denied to the function's code, action by action."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_iam_role_policy.this["validate"].policy).Statement :
      statement.Effect == "Deny" && try(statement.Condition.ArnEquals["lambda:SourceFunctionArn"], "") ==
      "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-validate"
    ])
    error_message = "The denial must be about calls from the function's own code."
  }
}

run "r41_executions_start_through_the_alias_of_a_machine_that_goes_by_its_own_arn" {
  command = plan

  variables {
    state_machine_alias = "live"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this["orchestrator"].policy).Statement : statement if statement.Sid == "StartExecutions"
      ] == [{
        Sid       = "StartExecutions"
        Effect    = "Allow"
        Action    = "states:StartExecution"
        Resource  = var.resources.state_machine_arn
        Condition = { "ForAnyValue:StringEquals" = { "states:StateMachineQualifier" = "live" } }
    }]
    error_message = "AWS asks for the machine's own ARN, and knows the alias as a condition."
  }
}

run "r41_an_alias_for_a_resource_is_refused" {
  command = plan

  variables {
    resources = merge(var.resources, { state_machine_arn = "${var.resources.state_machine_arn}:live" })
  }

  expect_failures = [var.resources]
}

run "r41_a_wildcard_resource_is_refused" {
  command = plan

  variables {
    resources = {
      originals_bucket_arn = "arn:aws:s3:::*"
      images_bucket_arn    = "arn:aws:s3:::images"
      table_arn            = "arn:aws:dynamodb:eu-central-1:111122223333:table/images"
      uploads_queue_arn    = "arn:aws:sqs:eu-central-1:111122223333:uploads"
      uploads_dlq_arn      = "arn:aws:sqs:eu-central-1:111122223333:uploads-dlq"
      event_bus_arn        = "arn:aws:events:eu-central-1:111122223333:event-bus/darkroom"
      undelivered_arn      = "arn:aws:sqs:eu-central-1:111122223333:undelivered"
      webhooks_queue_arn   = "arn:aws:sqs:eu-central-1:111122223333:webhooks"
      webhooks_dlq_arn     = "arn:aws:sqs:eu-central-1:111122223333:webhooks-dlq"
      erasures_queue_arn   = "arn:aws:sqs:eu-central-1:111122223333:erasures"
      erasures_dlq_arn     = "arn:aws:sqs:eu-central-1:111122223333:erasures-dlq"
      state_machine_arn    = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image"
      rerender_machine_arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:rerender"
      imports_machine_arn  = "arn:aws:states:eu-central-1:111122223333:stateMachine:import-bucket"
      storage_key_arn      = "arn:aws:kms:eu-central-1:111122223333:key/storage"
      messaging_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/messaging"
      token_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/tokens"
      user_pool_arn        = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Users1234"
    }
  }

  expect_failures = [var.resources]
}

run "concurrency_is_shared_unless_reserved" {
  command = plan

  variables {
    reserved_concurrency = { resize = 20 }
  }

  assert {
    condition = {
      for name, function in aws_lambda_function.this : name => function.reserved_concurrent_executions if function.reserved_concurrent_executions != -1
    } == { resize = 20 }
    error_message = "A function reserves another concurrency than the variable gives it."
  }
}

run "a_function_is_not_stopped_by_a_reservation" {
  command = plan

  variables {
    reserved_concurrency = { resize = 0 }
  }

  expect_failures = [var.reserved_concurrency]
}
