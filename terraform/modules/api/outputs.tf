output "api_id" {
  description = "The REST API."
  value       = aws_api_gateway_rest_api.this.id
}

output "api_name" {
  description = "The REST API's name in CloudWatch."
  value       = aws_api_gateway_rest_api.this.name
}

output "stage_name" {
  description = "The API's one stage."
  value       = aws_api_gateway_stage.this.stage_name
}

output "invoke_url" {
  description = "The API's address on AWS, without a slash at the end."
  value       = var.custom_domain == null ? aws_api_gateway_stage.this.invoke_url : "https://${var.custom_domain.name}"
}

output "custom_domain_target" {
  description = "The target for the DNS record of one's own name, or null."
  value       = one(aws_api_gateway_domain_name.this[*].regional_domain_name)
}
