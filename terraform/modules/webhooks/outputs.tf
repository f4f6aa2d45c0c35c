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
  value       = module.queue.queue_arn
}

output "queue_url" {
  description = "That queue's URL."
  value       = module.queue.queue_url
}

output "queue_name" {
  description = "That queue's name."
  value       = module.queue.queue_name
}

output "dead_letter_queue_url" {
  description = "The URL of the queue of events that could not be handled."
  value       = module.queue.dead_letter_queue_url
}

output "dead_letter_queue_name" {
  description = "That queue's name."
  value       = module.queue.dead_letter_queue_name
}
