variable "region" {
  description = "The region of the environments and of their state."
  type        = string
  default     = "eu-central-1"
}

variable "api_gateway_logs" {
  description = "Whether to set the region's role for API Gateway logs. False where something else in the account has set it."
  type        = bool
  default     = true
}
