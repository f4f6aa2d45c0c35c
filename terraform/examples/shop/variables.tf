variable "region" {
  description = "The region of everything."
  type        = string
  default     = "eu-central-1"
}

variable "alarm_email" {
  description = "The address that alarms are mailed to; it must confirm once."
  type        = string

  validation {
    condition     = strcontains(var.alarm_email, "@")
    error_message = "alarm_email must be an address."
  }
}
