output "state_machine_arn" {
  description = "The state machine."
  value       = aws_sfn_state_machine.this.arn
}

output "start_arn" {
  description = "What to start: the alias where versions are published, the machine itself otherwise."
  value       = var.publish ? aws_sfn_alias.live[0].arn : aws_sfn_state_machine.this.arn
}

output "definition" {
  description = "The definition as rendered, for linters."
  value       = aws_sfn_state_machine.this.definition
}

output "role_name" {
  description = "The state machine's role."
  value       = aws_iam_role.this.name
}

output "log_group_name" {
  description = "The log group of the executions, or null."
  value       = one(aws_cloudwatch_log_group.this[*].name)
}
