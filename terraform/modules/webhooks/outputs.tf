output "rule_arn" {
  description = "The rule that sends events to the queue."
  value       = aws_cloudwatch_event_rule.this.arn
}

output "rule_name" {
  description = "That rule's name."
  value       = aws_cloudwatch_event_rule.this.name
}

output "queue_arn" {
  description = "The queue of events for webhooks."
  value       = aws_sqs_queue.webhooks.arn
}

output "queue_url" {
  description = "That queue's URL."
  value       = aws_sqs_queue.webhooks.url
}

output "queue_name" {
  description = "That queue's name."
  value       = aws_sqs_queue.webhooks.name
}

output "dead_letter_queue_url" {
  description = "The URL of the queue of events that could not be handled."
  value       = aws_sqs_queue.dead_letter.url
}

output "dead_letter_queue_name" {
  description = "That queue's name."
  value       = aws_sqs_queue.dead_letter.name
}
