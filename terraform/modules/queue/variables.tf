variable "name_prefix" {
  description = "Starts the queue's name, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "name" {
  description = "The rest of the queue's name."
  type        = string
}

variable "account_id" {
  description = "The account that owns the queues."
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
  description = "The region of the queues."
  type        = string
}

variable "kms_key_arn" {
  description = "The customer managed key of the queues; its sender must be allowed to use it."
  type        = string
}

variable "sender" {
  description = "The service that sends to the queue by itself, and the one thing in whose name it does: a bucket, a rule of a bus. Null where only functions send."

  type = object({
    sid                = string
    service            = string
    arn                = string
    sends_dead_letters = optional(bool, false)
  })

  default = null

  validation {
    condition     = var.sender == null ? true : can(regex("^arn:[a-z-]+:[^*]+$", var.sender.arn))
    error_message = "sender.arn must be one ARN, without a wildcard."
  }
}

variable "settings" {
  description = "What settings/functions.json says of the queue."
  type = object({
    visibility_timeout_s    = number
    max_receive_count       = number
    retention_s             = number
    dead_letter_retention_s = number
    batch_size              = number
    batching_window_s       = optional(number)
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
    error_message = "A message that cannot be handled must become a dead letter before the queue forgets it."
  }

  validation {
    condition     = var.settings.max_receive_count >= 5
    error_message = "max_receive_count must be at least 5: throttled receives count too, and so does each wait for a place."
  }

  validation {
    condition     = var.settings.maximum_concurrency >= 2 && var.settings.maximum_concurrency <= 1000
    error_message = "maximum_concurrency must be between 2 and 1000."
  }

  validation {
    condition     = var.settings.batch_size >= 1 && var.settings.batch_size <= 10
    error_message = "batch_size must be 1 to 10: above 10 SQS wants a batching window, and a message would wait for others."
  }
}

# Two variables, not one object: the queue only needs the timeout, and must not wait for the function.

variable "consumer_alias_arn" {
  description = "The alias of the function that reads the queue."
  type        = string
}

variable "consumer_timeout_s" {
  description = "The timeout of the function that reads the queue."
  type        = number
}

variable "require_tls" {
  description = "Whether requests without TLS are refused. Only a local engine, which speaks plain http, turns this off."
  type        = bool
  default     = true
}
