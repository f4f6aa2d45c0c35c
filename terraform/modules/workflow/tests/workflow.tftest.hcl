# R19 and R41: what the state machine may do, and what it tells.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/darkroom-test-process-image"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vendedlogs/states/darkroom-test-process-image"
    }
  }

  mock_resource "aws_sfn_state_machine" {
    defaults = {
      arn                       = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-process-image"
      state_machine_version_arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-process-image:1"
    }
  }

  mock_resource "aws_sfn_alias" {
    defaults = {
      arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-process-image:live"
    }
  }
}

variables {
  name_prefix     = "darkroom-test"
  account_id      = "111122223333"
  region          = "eu-central-1"
  definition_path = "../../../statemachine/process-image.asl.json"
  table_name      = "darkroom-test-images"
  table_arn       = "arn:aws:dynamodb:eu-central-1:111122223333:table/darkroom-test-images"
  docs_url        = "docs/ERRORS.md"

  worker_arns = {
    for name in ["auth", "orchestrator", "resize", "validate", "watermark"] :
    name => "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-${name}:live"
  }
}

run "r41_the_machine_invokes_three_aliases_and_updates_one_table" {
  command = plan

  variables {
    telemetry = { logging = false, tracing = false }
  }

  assert {
    condition = jsonencode(jsondecode(module.state_machine.role_policy).Statement) == jsonencode([
      {
        Sid    = "InvokeWorkers"
        Effect = "Allow"
        Action = "lambda:InvokeFunction"
        Resource = [
          "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-resize:live",
          "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-validate:live",
          "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-watermark:live",
        ]
      },
      {
        Sid      = "WriteRecord"
        Effect   = "Allow"
        Action   = "dynamodb:UpdateItem"
        Resource = "arn:aws:dynamodb:eu-central-1:111122223333:table/darkroom-test-images"
      },
    ])
    error_message = "The state machine may do more or less than it needs."
  }
}

run "r19_executions_are_logged_without_their_data_traced_and_versioned" {
  assert {
    condition = (
      module.state_machine.machine.type == "STANDARD" &&
      module.state_machine.machine.tracing_configuration[0].enabled &&
      module.state_machine.machine.logging_configuration[0].level == "ALL" &&
      module.state_machine.machine.logging_configuration[0].include_execution_data == false &&
      endswith(module.state_machine.machine.logging_configuration[0].log_destination, ":*")
    )
    error_message = "Executions must be traced, and logged without inputs and outputs."
  }

  assert {
    condition = (
      output.start_arn == aws_sfn_alias.live[0].arn &&
      aws_sfn_alias.live[0].routing_configuration[0].state_machine_version_arn == module.state_machine.machine.state_machine_version_arn
    )
    error_message = "The orchestrator must start the published version behind the alias."
  }
}

run "the_definition_is_rendered_whole" {
  command = plan

  assert {
    condition     = can(jsondecode(module.state_machine.machine.definition).StartAt)
    error_message = "The definition must be JSON."
  }

  assert {
    condition = alltrue([
      for name in ["resize", "validate", "watermark"] : strcontains(module.state_machine.machine.definition, "${var.worker_arns[name]}\"")
    ])
    error_message = "The definition must invoke the aliases."
  }
}
