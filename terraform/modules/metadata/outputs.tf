output "table_name" {
  description = "The table of image records."
  value       = aws_dynamodb_table.images.name
}

output "table_arn" {
  description = "The ARN of the table of image records."
  value       = aws_dynamodb_table.images.arn
}
