output "state_bucket" {
  description = "Give it to every environment: terraform init -backend-config=bucket=…"
  value       = aws_s3_bucket.state.bucket
}
