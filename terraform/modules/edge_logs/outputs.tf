output "source_arns" {
  description = "The sources; the bucket's policy lets just these in."
  value       = [for source in aws_cloudwatch_log_delivery_source.this : source.arn]
}
