variable "name_prefix" {
  description = "Starts the name of every queue, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "account_id" {
  description = "The account that owns the queues."
  type        = string
}

variable "partition" {
  description = "The AWS partition, for ARNs."
  type        = string
  default     = "aws"
}

variable "region" {
  description = "The region of the queues."
  type        = string
}

variable "kms_key_arn" {
  description = "The customer managed key of the queue."
  type        = string
}

variable "settings" {
  description = "The erasures_queue part of settings/functions.json."
  type = object({
    visibility_timeout_s    = number
    max_receive_count       = number
    retention_s             = number
    dead_letter_retention_s = number
    batch_size              = number
    maximum_concurrency     = number
  })

  validation {
    condition     = var.settings.dead_letter_retention_s == 1209600
    error_message = "dead_letter_retention_s must be 14 days, the longest SQS keeps a message."
  }

  validation {
    condition     = var.settings.dead_letter_retention_s > var.settings.retention_s
    error_message = "The dead-letter queue must keep messages longer than the queue: the age of a message counts from its first arrival."
  }

  validation {
    condition     = var.settings.visibility_timeout_s * var.settings.max_receive_count < var.settings.retention_s
    error_message = "An account that cannot be erased must become a dead letter before the queue forgets it."
  }

  validation {
    condition     = var.settings.batch_size == 1
    error_message = "batch_size must be 1: each account has the whole time of a call."
  }

  validation {
    condition     = var.settings.maximum_concurrency >= 2 && var.settings.maximum_concurrency <= 1000
    error_message = "maximum_concurrency must be between 2 and 1000."
  }
}

# Two variables, not one object: the queue only needs the timeout, and must not wait for the function.

variable "eraser_alias_arn" {
  description = "The alias of the function that erases accounts."
  type        = string
}

variable "eraser_timeout_s" {
  description = "That function's timeout."
  type        = number
}

variable "require_tls" {
  description = "Whether requests without TLS are refused. Only a local engine, which speaks plain http, turns this off."
  type        = bool
  default     = true
}
