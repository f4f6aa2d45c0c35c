# R41: what the state machine of re-renders may do. R19: what it tells.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/darkroom-test-rerender-library"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vendedlogs/states/darkroom-test-rerender-library"
    }
  }

  mock_resource "aws_sfn_state_machine" {
    defaults = {
      arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-rerender-library"
    }
  }
}

variables {
  name_prefix       = "darkroom-test"
  account_id        = "111122223333"
  region            = "eu-central-1"
  definition_path   = "../../../statemachine/rerender.asl.json"
  at_once           = 12
  images_bucket     = "darkroom-test-images-111122223333"
  images_bucket_arn = "arn:aws:s3:::darkroom-test-images-111122223333"
  storage_key_arn   = "arn:aws:kms:eu-central-1:111122223333:key/storage"
  table_name        = "darkroom-test-images"
  table_arn         = "arn:aws:dynamodb:eu-central-1:111122223333:table/darkroom-test-images"

  function_arns = {
    for name in ["auth", "rerender", "resize", "watermark"] :
    name => "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-${name}:live"
  }
}

run "r41_the_machine_may_do_exactly_this" {
  command = plan

  variables {
    telemetry = { logging = false, tracing = false }
  }

  assert {
    condition = sort(flatten([
      for statement in jsondecode(module.state_machine.role_policy).Statement : [
        for pair in setproduct(flatten([statement.Action]), flatten([statement.Resource])) :
        trimspace("${pair[0]} ${pair[1]} ${try(jsonencode(values(statement.Condition)[0]), "")}")
      ]
      ])) == sort([
      "dynamodb:PutItem ${var.table_arn} {\"dynamodb:LeadingKeys\":[\"OPS#*\"]}",
      "dynamodb:UpdateItem ${var.table_arn} {\"dynamodb:LeadingKeys\":[\"USER#*\"]}",
      "kms:Decrypt ${var.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
      "kms:GenerateDataKey ${var.storage_key_arn} {\"kms:ViaService\":\"s3.eu-central-1.amazonaws.com\"}",
      "lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-rerender:live",
      "lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-resize:live",
      "lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-watermark:live",
      "s3:AbortMultipartUpload ${var.images_bucket_arn}/rerenders/*",
      "s3:GetObject ${var.images_bucket_arn}/rerenders/*",
      "s3:ListBucket ${var.images_bucket_arn} {\"s3:prefix\":\"rerenders/*\"}",
      "s3:ListMultipartUploadParts ${var.images_bucket_arn}/rerenders/*",
      "s3:PutObject ${var.images_bucket_arn}/rerenders/*",
      "states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:darkroom-test-rerender-library/photos:*",
      "states:DescribeExecution arn:aws:states:eu-central-1:111122223333:execution:darkroom-test-rerender-library:*",
      "states:StartExecution arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-rerender-library",
      "states:StopExecution arn:aws:states:eu-central-1:111122223333:execution:darkroom-test-rerender-library/photos:*",
      "states:StopExecution arn:aws:states:eu-central-1:111122223333:execution:darkroom-test-rerender-library:*",
    ])
    error_message = "The state machine may do more or less than it needs."
  }
}

run "r19_errors_are_logged_without_their_data" {
  assert {
    condition = (
      module.state_machine.machine.type == "STANDARD" &&
      module.state_machine.machine.tracing_configuration[0].enabled &&
      module.state_machine.machine.logging_configuration[0].level == "ERROR" &&
      module.state_machine.machine.logging_configuration[0].include_execution_data == false &&
      endswith(module.state_machine.machine.logging_configuration[0].log_destination, ":*")
    )
    error_message = "Executions must be traced, and their errors logged without inputs and outputs."
  }
}

run "the_definition_is_rendered_whole" {
  command = plan

  assert {
    condition     = jsondecode(module.state_machine.machine.definition).States["Render photos"].MaxConcurrency == 12
    error_message = "The machine must leave room for uploads."
  }
}

run "a_machine_without_a_limit_is_refused" {
  command = plan

  variables {
    at_once = 0
  }

  expect_failures = [var.at_once]
}
