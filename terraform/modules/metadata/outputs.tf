output "table_name" {
  description = "The table of image records."
  value       = aws_dynamodb_table.images.name
}

output "table_arn" {
  description = "The ARN of the table of image records."
  value       = aws_dynamodb_table.images.arn
}

output "stream_arn" {
  description = "The stream of the table's changes, with old and new images."
  value       = aws_dynamodb_table.images.stream_arn
}
