output "key_arns" {
  description = "The key ARNs by kind of data: storage, messaging, metadata and, when logs are encrypted, logs."
  value       = { for name, key in aws_kms_key.this : name => key.arn }
}
