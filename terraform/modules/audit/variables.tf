variable "name" {
  description = "The trail's name, for example darkroom-dev-audit; keys and buckets know the trail by it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,49}$", var.name))
    error_message = "name must be 3 to 50 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "logs_bucket" {
  description = "The bucket that the log files go to; its policy must already let the trail write."
  type        = string
}

variable "kms_key_arn" {
  description = "The customer managed key of the log files."
  type        = string

  validation {
    condition     = startswith(var.kms_key_arn, "arn:")
    error_message = "kms_key_arn must be an ARN."
  }
}

variable "bucket_arns" {
  description = "The buckets whose objects are watched. Never the logs bucket: each log file would be an event of its own."
  type        = list(string)

  validation {
    condition     = length(var.bucket_arns) > 0 && alltrue([for arn in var.bucket_arns : can(regex("^arn:[a-z-]+:s3:::[^*/]+$", arn))])
    error_message = "bucket_arns must name buckets, without a wildcard."
  }
}

variable "management_events" {
  description = "Whether the trail also records changes of the account. The first such trail of a region is free; the account may have one already."
  type        = bool
  default     = false
}
