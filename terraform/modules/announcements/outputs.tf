output "bus_name" {
  description = "The bus of announcements."
  value       = aws_cloudwatch_event_bus.this.name
}

output "bus_arn" {
  description = "The bus's ARN, for rules of other stacks."
  value       = aws_cloudwatch_event_bus.this.arn
}

output "undelivered_queue_arn" {
  description = "The queue of batches that could not be announced."
  value       = aws_sqs_queue.undelivered.arn
}

output "undelivered_queue_name" {
  description = "That queue's name."
  value       = aws_sqs_queue.undelivered.name
}

output "undelivered_queue_url" {
  description = "That queue's URL."
  value       = aws_sqs_queue.undelivered.url
}
