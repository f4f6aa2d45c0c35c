# R19 and R41: what every state machine tells, and who may use its role.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/darkroom-test-example"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vendedlogs/states/darkroom-test-example"
    }
  }
}

variables {
  name_prefix        = "darkroom-test"
  name               = "example"
  account_id         = "111122223333"
  partition          = "aws"
  region             = "eu-central-1"
  definition         = "{\"StartAt\": \"Wait\"}"
  executions_come_as = "/*"
  log_level          = "ERROR"
  permissions        = "[{\"Sid\": \"Read\", \"Effect\": \"Allow\", \"Action\": \"dynamodb:GetItem\", \"Resource\": \"arn:aws:dynamodb:::table/a\"}]"
}

run "r41_only_logs_and_traces_go_without_a_resource" {
  assert {
    condition = [for statement in jsondecode(output.role_policy).Statement : statement.Sid] == [
      "Read", "DeliverLogs", "WriteTraces",
    ]
    error_message = "The role may do what its caller says, deliver logs and write traces."
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(output.role_policy).Statement : [
        for action in flatten([statement.Action]) : !strcontains(action, "*")
      ] if statement.Resource == "*"
    ]))
    error_message = "An action with a wildcard, on every resource."
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition) == jsonencode({
      ArnLike = { "aws:SourceArn" = [
        "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-example",
        "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-test-example/*",
      ] }
      StringEquals = { "aws:SourceAccount" = "111122223333" }
    })
    error_message = "Another state machine could borrow this role."
  }

  assert {
    condition = (
      aws_sfn_state_machine.this.tracing_configuration[0].enabled &&
      aws_sfn_state_machine.this.logging_configuration[0].level == "ERROR" &&
      aws_sfn_state_machine.this.logging_configuration[0].include_execution_data == false &&
      endswith(aws_sfn_state_machine.this.logging_configuration[0].log_destination, ":*") &&
      startswith(aws_cloudwatch_log_group.this[0].name, "/aws/vendedlogs/")
    )
    error_message = "Executions are traced, and logged without inputs and outputs, to a group whose prefix keeps the account's resource policy below its size limit."
  }
}

run "r19_what_is_switched_off_needs_no_permission" {
  command = plan

  variables {
    telemetry = { logging = false, tracing = false }
  }

  assert {
    condition = (
      [for statement in jsondecode(output.role_policy).Statement : statement.Sid] == ["Read"] &&
      length(aws_sfn_state_machine.this.logging_configuration) == 0 && length(aws_cloudwatch_log_group.this) == 0
    )
    error_message = "A machine that neither logs nor traces has no log and may do nothing more."
  }
}

run "a_definition_with_a_placeholder_is_refused" {
  command = plan

  variables {
    definition = "{\"StartAt\": \"$${first}\"}"
  }

  expect_failures = [var.definition]
}
