output "api_id" {
  description = "The REST API."
  value       = aws_api_gateway_rest_api.this.id
}

output "api_name" {
  description = "The REST API's name, by which CloudWatch knows it."
  value       = aws_api_gateway_rest_api.this.name
}

output "stage_name" {
  description = "The API's one stage."
  value       = aws_api_gateway_stage.this.stage_name
}

output "invoke_url" {
  description = "Where the API answers on AWS, without a slash at the end."
  value       = aws_api_gateway_stage.this.invoke_url
}

output "stage_arn" {
  description = "The ARN of the stage, for a web application firewall."
  value       = aws_api_gateway_stage.this.arn
}
