output "key_arns" {
  description = "The key ARNs by kind of data: storage, messaging, metadata; logs, web and audit where there are such."
  value       = { for name, key in aws_kms_key.this : name => key.arn }
}

output "token_key_arn" {
  description = "The HMAC key that authenticates cursors, share links and webhooks."
  value       = aws_kms_key.tokens.arn
}
