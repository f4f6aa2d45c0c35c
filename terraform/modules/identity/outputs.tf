output "user_pool_id" {
  description = "The user pool."
  value       = aws_cognito_user_pool.this.id
}

output "user_pool_arn" {
  description = "The ARN of the user pool, for the API's authorizer."
  value       = aws_cognito_user_pool.this.arn
}

output "user_pool_client_id" {
  description = "The one client of the pool, of the function auth. Its secret is not an output."
  value       = aws_cognito_user_pool_client.this.id
}
