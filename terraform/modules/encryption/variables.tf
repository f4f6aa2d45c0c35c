variable "name_prefix" {
  description = "Starts the name of every key alias, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "account_id" {
  description = "The account that owns the keys."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have 12 digits."
  }
}

variable "partition" {
  description = "The AWS partition, for ARNs."
  type        = string
  default     = "aws"
}

variable "region" {
  description = "The region that the keys and the services using them are in."
  type        = string
}

variable "event_source_bucket_arn" {
  description = "The bucket whose events S3 sends to the encrypted queue."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::[^*]+$", var.event_source_bucket_arn))
    error_message = "event_source_bucket_arn must be the ARN of one bucket, without a wildcard."
  }
}

variable "event_rule_arn" {
  description = "The EventBridge rule that sends announcements to the encrypted queue of webhooks."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:events:[a-z0-9-]+:[0-9]{12}:rule/[^*]+$", var.event_rule_arn))
    error_message = "event_rule_arn must be the ARN of one rule, without a wildcard."
  }
}

variable "log_group_arn_patterns" {
  description = "The log groups that the logs key may encrypt; a * only inside a name that starts with this environment's prefix."
  type        = list(string)
}

variable "encrypt_logs" {
  description = "Whether there is a key for log groups and the topic of alarms."
  type        = bool
  default     = true
}

variable "rotate_keys" {
  description = "Whether KMS renews the material of the keys every year."
  type        = bool
  default     = true
}

variable "deletion_window_days" {
  description = "How long a deleted key can be restored."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days must be between 7 and 30."
  }
}

variable "trail_arn" {
  description = "The trail whose log files have a key of their own; null makes no such key."
  type        = string
  default     = null

  validation {
    condition     = var.trail_arn == null || can(regex("^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[^*]+$", var.trail_arn))
    error_message = "trail_arn must be the ARN of one trail, without a wildcard."
  }
}

variable "serve_variants" {
  description = "Whether CloudFront may decrypt variants."
  type        = bool
  default     = false
}

variable "web_delivery" {
  description = "Whether there is a key for the web app's files."
  type        = bool
  default     = false
}

variable "token_role_arns" {
  description = "The roles that may have keys derived of the tokens key; null leaves that to the roles' own policies."
  type        = list(string)

  validation {
    condition = var.token_role_arns == null ? true : (
      length(var.token_role_arns) > 0 &&
      alltrue([for arn in var.token_role_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[^*]+$", arn))])
    )
    error_message = "token_role_arns must be ARNs of roles, without a wildcard."
  }
}
