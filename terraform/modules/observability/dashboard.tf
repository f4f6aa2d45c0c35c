# One page, from left to right in the order of a photo's way.

locals {
  widgets = [
    {
      title = "Uploads waiting"
      rows = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.queue_name, { label = "queue", stat = "Maximum" }],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letter_queue_name, { label = "dead letters", stat = "Maximum", color = "#d62728" }],
      ]
    },
    {
      title = "Executions"
      rows = [
        for metric in ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"] :
        ["AWS/States", metric, "StateMachineArn", var.state_machine_arn, { label = trimprefix(metric, "Executions"), stat = "Sum" }]
      ]
    },
    {
      title = "Time of an execution, ms"
      rows = [
        for stat in ["p50", "p95", "Maximum"] :
        ["AWS/States", "ExecutionTime", "StateMachineArn", var.state_machine_arn, { label = stat, stat = stat }]
      ]
    },
    {
      title = "API"
      rows = [
        for metric in ["Count", "4XXError", "5XXError"] :
        ["AWS/ApiGateway", metric, "ApiName", var.api_name, "Stage", var.api_stage, { label = metric, stat = "Sum" }]
      ]
    },
    {
      title = "Webhooks"
      rows = concat(
        [
          for metric in ["Delivered", "Refused", "GivenUp"] :
          ["Darkroom", "Webhook${metric}", "environment", var.environment, { label = metric, stat = "Sum" }]
        ],
        [["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", var.webhooks_queue_name, { label = "put off", stat = "Maximum" }]],
      )
    },
    {
      title = "Functions: time at the 95th percentile, ms"
      rows = [
        for name, function in var.functions :
        ["AWS/Lambda", "Duration", "FunctionName", function.name, { label = name, stat = "p95" }]
      ]
    },
    {
      title = "Functions at once"
      rows = [
        for name, function in var.functions :
        ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", function.name, { label = name, stat = "Maximum" }]
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name_prefix

  dashboard_body = jsonencode({
    widgets = concat(
      [
        for index, widget in local.widgets : {
          type   = "metric"
          x      = (index % 3) * 8
          y      = floor(index / 3) * 6
          width  = 8
          height = 6
          properties = {
            title   = widget.title
            region  = var.region
            view    = "timeSeries"
            period  = 60
            metrics = widget.rows
          }
        }
      ],
      [{
        type   = "alarm"
        x      = 0
        y      = ceil(length(local.widgets) / 3) * 6
        width  = 24
        height = 4
        properties = {
          title  = "Alarms"
          alarms = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn]
        }
      }],
    )
  })
}
