output "state_machine_arn" {
  description = "The state machine."
  value       = module.state_machine.machine.arn
}
