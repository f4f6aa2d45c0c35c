# R51: the sweeper is called by its clock. (Operators call it over the API, whose module permits that.)

mock_provider "aws" {
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = {
      arn = "arn:aws:events:eu-central-1:111122223333:rule/darkroom-test-sweep"
    }
  }
}

variables {
  name_prefix        = "darkroom-test"
  every_minutes      = 15
  function_name      = "darkroom-test-sweep"
  function_alias_arn = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-sweep:live"
}

run "r51_the_clock_calls_what_is_deployed" {
  assert {
    condition = (
      aws_cloudwatch_event_rule.sweep.schedule_expression == "rate(15 minutes)" &&
      aws_cloudwatch_event_target.sweep.rule == aws_cloudwatch_event_rule.sweep.name &&
      aws_cloudwatch_event_target.sweep.arn == var.function_alias_arn
    )
    error_message = "The rule must call the alias, each quarter of an hour."
  }

  assert {
    condition = (
      aws_lambda_permission.sweep.principal == "events.amazonaws.com" &&
      aws_lambda_permission.sweep.function_name == "darkroom-test-sweep" &&
      aws_lambda_permission.sweep.qualifier == "live" &&
      aws_lambda_permission.sweep.source_arn == aws_cloudwatch_event_rule.sweep.arn
    )
    error_message = "This rule, and nothing else of EventBridge, must be allowed to call the alias."
  }
}

run "r51_one_minute_is_not_minutes" {
  command = plan

  variables {
    every_minutes = 1
  }

  assert {
    condition     = aws_cloudwatch_event_rule.sweep.schedule_expression == "rate(1 minute)"
    error_message = "EventBridge refuses rate(1 minutes)."
  }
}

run "r51_a_function_without_its_alias_is_refused" {
  command = plan

  variables {
    function_alias_arn = "arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-sweep"
  }

  expect_failures = [var.function_alias_arn]
}

run "r51_a_pace_that_the_alarm_does_not_know_is_refused" {
  command = plan

  variables {
    every_minutes = 90
  }

  expect_failures = [var.every_minutes]
}
