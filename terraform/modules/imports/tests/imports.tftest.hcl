# R41 and R62: what the machine that imports may do, and how much at once.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/darkroom-test-import-bucket"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vendedlogs/states/darkroom-test-import-bucket"
    }
  }

  mock_resource "aws_sfn_state_machine" {
    defaults = {
      arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-import-bucket"
    }
  }
}

variables {
  name_prefix     = "darkroom-test"
  account_id      = "111122223333"
  region          = "eu-central-1"
  definition_path = "../../../statemachine/import-bucket.asl.json"
  bring_arn       = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-bring:live"
  import_buckets  = ["arn:aws:s3:::holiday"]
  images_bucket   = "darkroom-test-images-111122223333"
  storage_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/storage"
  batch_size      = 100
  batches_at_once = 4
}

run "r41_the_machine_lists_named_buckets_and_reads_no_photo" {
  command = plan

  variables {
    telemetry = { logging = false, tracing = false }
  }

  assert {
    condition = jsonencode(jsondecode(module.state_machine.role_policy).Statement) == jsonencode([
      {
        Sid      = "BringBatches"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-bring:live"
      },
      { Sid = "ListBuckets", Effect = "Allow", Action = "s3:ListBucket", Resource = ["arn:aws:s3:::holiday"] },
      {
        Sid      = "RunBatches"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-import-bucket"
      },
      {
        Sid    = "WatchBatches"
        Effect = "Allow"
        Action = ["states:DescribeExecution", "states:StopExecution"]
        Resource = [
          "arn:aws:states:eu-central-1:111122223333:execution:darkroom-test-import-bucket:*",
          "arn:aws:states:eu-central-1:111122223333:execution:darkroom-test-import-bucket/*",
        ]
      },
      {
        Sid      = "WriteResults"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = "arn:aws:s3:::darkroom-test-images-111122223333/work/imports/*"
      },
      {
        Sid       = "EncryptResults"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "arn:aws:kms:eu-central-1:111122223333:key/storage"
        Condition = { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } }
      },
    ])
    error_message = "The machine calls one function, lists the named buckets, runs its own batches, and writes results."
  }
}

run "r19_errors_are_logged_without_their_data" {
  assert {
    condition = (
      module.state_machine.machine.tracing_configuration[0].enabled &&
      module.state_machine.machine.logging_configuration[0].level == "ERROR" &&
      module.state_machine.machine.logging_configuration[0].include_execution_data == false
    )
    error_message = "Executions must be traced, and their errors logged without inputs and outputs."
  }
}

run "r55_batches_are_handed_out_a_few_at_a_time" {
  command = plan

  assert {
    condition = (
      jsondecode(module.state_machine.machine.definition).States["Bring photos"].MaxConcurrency == 4 &&
      jsondecode(module.state_machine.machine.definition).States["Bring photos"].ItemBatcher.MaxItemsPerBatch == 100
    )
    error_message = "The definition has the size of batches and their number."
  }
}

run "r62_an_import_needs_a_bucket" {
  command = plan

  variables {
    import_buckets = []
  }

  expect_failures = [var.import_buckets]
}

run "r55_batches_without_a_limit_are_refused" {
  command = plan

  variables {
    batches_at_once = 0
  }

  expect_failures = [var.batches_at_once]
}
