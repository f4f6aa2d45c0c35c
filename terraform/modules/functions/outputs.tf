output "names" {
  description = "The function names by short name."
  value       = { for name, function in aws_lambda_function.this : name => function.function_name }
}

output "alias_arns" {
  description = "The ARN of each function's alias live, by short name."
  value       = { for name, alias in aws_lambda_alias.live : name => alias.arn }
}

output "alias_invoke_arns" {
  description = "The ARNs that API Gateway calls, by short name."
  value       = { for name, alias in aws_lambda_alias.live : name => alias.invoke_arn }
}

output "log_group_names" {
  description = "The log groups by short name."
  value       = { for name, group in aws_cloudwatch_log_group.this : name => group.name }
}
