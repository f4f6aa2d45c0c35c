# The state machine that develops a photo. The definition is statemachine/process-image.asl.json.

module "state_machine" {
  source = "../state_machine"

  name_prefix = var.name_prefix
  name        = "process-image"
  account_id  = var.account_id
  partition   = var.partition
  region      = var.region
  publish     = var.publish
  log_level   = "ALL"
  telemetry   = var.telemetry
  # An execution through the alias may come in the name of the alias or its version.
  executions_come_as = ":*"

  permissions = jsonencode([
    {
      Sid      = "InvokeWorkers"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = [for name in ["resize", "validate", "watermark"] : var.worker_arns[name]]
    },
    { Sid = "WriteRecord", Effect = "Allow", Action = "dynamodb:UpdateItem", Resource = var.table_arn },
  ])

  definition = templatefile(var.definition_path, {
    validate_arn  = var.worker_arns["validate"]
    resize_arn    = var.worker_arns["resize"]
    watermark_arn = var.worker_arns["watermark"]
    images_table  = var.table_name
    docs_url      = var.docs_url
  })
}

resource "aws_sfn_alias" "live" {
  count = var.publish ? 1 : 0

  name        = "live"
  description = "What the orchestrator starts"

  routing_configuration {
    state_machine_version_arn = module.state_machine.machine.state_machine_version_arn
    weight                    = 100
  }
}

# The resources were this module's own before the module state_machine was made.
moved {
  from = aws_iam_role.this
  to   = module.state_machine.aws_iam_role.this
}

moved {
  from = aws_iam_role_policy.this
  to   = module.state_machine.aws_iam_role_policy.this
}

moved {
  from = aws_cloudwatch_log_group.this
  to   = module.state_machine.aws_cloudwatch_log_group.this
}

moved {
  from = aws_sfn_state_machine.this
  to   = module.state_machine.aws_sfn_state_machine.this
}
