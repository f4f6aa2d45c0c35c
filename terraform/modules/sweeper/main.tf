# The clock of the function `sweep`, which finishes what others left undone (ADR 8).

resource "aws_cloudwatch_event_rule" "sweep" {
  name                = "${var.name_prefix}-sweep"
  description         = "Calls the function that finishes what others left undone"
  schedule_expression = var.every_minutes == 1 ? "rate(1 minute)" : "rate(${var.every_minutes} minutes)"
}

resource "aws_cloudwatch_event_target" "sweep" {
  rule = aws_cloudwatch_event_rule.sweep.name
  arn  = var.function_alias_arn

  # A call that could not be made is not made up for: the next one comes by itself, and looks at the same records.
  retry_policy {
    maximum_event_age_in_seconds = max(60, var.every_minutes * 60)
    maximum_retry_attempts       = 2
  }

  # EventBridge must be allowed before it calls for the first time.
  depends_on = [aws_lambda_permission.sweep]
}

resource "aws_lambda_permission" "sweep" {
  statement_id  = "called-by-the-clock"
  action        = "lambda:InvokeFunction"
  function_name = var.function_name
  qualifier     = reverse(split(":", var.function_alias_arn))[0]
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.sweep.arn
}
