output "state_bucket" {
  description = "Give it to every environment: terraform init -backend-config=bucket=…"
  value       = aws_s3_bucket.state.bucket
}

output "deployer_policy_arn" {
  description = "The policy of a deployer: attach it to their role or permission set."
  value       = aws_iam_policy.deployer.arn
}
