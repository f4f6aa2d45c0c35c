output "queue_arn" {
  description = "The queue of accounts to erase."
  value       = aws_sqs_queue.erasures.arn
}

output "queue_url" {
  description = "That queue's URL."
  value       = aws_sqs_queue.erasures.url
}

output "dead_letter_queue_url" {
  description = "The URL of the queue of accounts that could not be erased."
  value       = aws_sqs_queue.dead_letter.url
}

output "dead_letter_queue_name" {
  description = "That queue's name."
  value       = aws_sqs_queue.dead_letter.name
}
