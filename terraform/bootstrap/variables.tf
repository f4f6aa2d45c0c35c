variable "region" {
  description = "The region of the environments and of their state."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region, such as eu-central-1."
  }
}

variable "api_gateway_logs" {
  description = "Whether to set the region's role for API Gateway logs. False if something else in the account sets it."
  type        = bool
  default     = true
}
