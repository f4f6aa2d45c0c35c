output "state_machine_arn" {
  description = "The state machine."
  value       = module.state_machine.machine.arn
}

output "start_arn" {
  description = "The ARN to start: the alias where versions are published, the machine itself otherwise."
  value       = var.publish ? aws_sfn_alias.live[0].arn : module.state_machine.machine.arn
}
