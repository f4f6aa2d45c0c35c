output "queue_arn" {
  description = "The uploads queue; it exists together with its policy."
  value       = aws_sqs_queue.uploads.arn
}

output "queue_url" {
  description = "The uploads queue's URL."
  value       = aws_sqs_queue.uploads.url
}

output "queue_name" {
  description = "The uploads queue's name."
  value       = aws_sqs_queue.uploads.name
}

output "dead_letter_queue_url" {
  description = "The dead-letter queue's URL."
  value       = aws_sqs_queue.dead_letter.url
}

output "dead_letter_queue_name" {
  description = "The dead-letter queue's name."
  value       = aws_sqs_queue.dead_letter.name
}
