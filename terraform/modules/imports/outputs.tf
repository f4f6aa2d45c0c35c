output "state_machine_arn" {
  description = "The ARN of the state machine."
  value       = module.state_machine.machine.arn
}
