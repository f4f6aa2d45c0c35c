output "queue_arn" {
  description = "The queue's ARN; it exists together with its policy."
  value       = aws_sqs_queue.this.arn
}

output "queue_url" {
  description = "The queue's URL."
  value       = aws_sqs_queue.this.url
}

output "queue_name" {
  description = "The queue's name."
  value       = aws_sqs_queue.this.name
}

output "dead_letter_queue_arn" {
  description = "The dead-letter queue's ARN."
  value       = aws_sqs_queue.dead_letter.arn
}

output "dead_letter_queue_url" {
  description = "The dead-letter queue's URL."
  value       = aws_sqs_queue.dead_letter.url
}

output "dead_letter_queue_name" {
  description = "The dead-letter queue's name."
  value       = aws_sqs_queue.dead_letter.name
}
