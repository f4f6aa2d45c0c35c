output "arn" {
  description = "The ARN of the machine, known before it exists."
  value       = local.arn
}

output "machine" {
  description = "The machine itself."
  value       = aws_sfn_state_machine.this
}

output "role_policy" {
  description = "What its role may do, as JSON."
  value       = aws_iam_role_policy.this.policy
}
