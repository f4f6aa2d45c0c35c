output "stack" {
  description = "What the environment consists of: addresses, names and ARNs, as modules/stack/outputs.tf describes them."
  value       = module.stack
}
