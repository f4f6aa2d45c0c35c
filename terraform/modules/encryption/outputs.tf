output "key_arns" {
  description = "The key ARNs by kind of data: storage, messaging, metadata; logs and audit where there are such."
  value       = { for name, key in aws_kms_key.this : name => key.arn }
}

output "web_key_arn" {
  description = "The key of the web app's files, or null."
  value       = one(aws_kms_key.web[*].arn)
}

output "token_key_arn" {
  description = "The HMAC key that cursors, share links and webhooks are authenticated with."
  value       = aws_kms_key.tokens.arn
}
