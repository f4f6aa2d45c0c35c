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
  description = "The customer managed key of the queues; S3 must be allowed to use it."
  type        = string
}

variable "event_source_bucket_arn" {
  description = "The one bucket that may send to the uploads queue."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::[^*]+$", var.event_source_bucket_arn))
    error_message = "event_source_bucket_arn must be the ARN of one bucket, without a wildcard."
  }
}

variable "settings" {
  description = "The uploads_queue part of settings/functions.json."
  type = object({
    visibility_timeout_s    = number
    max_receive_count       = number
    retention_s             = number
    dead_letter_retention_s = number
    batch_size              = number
    batching_window_s       = number
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
    condition     = var.settings.max_receive_count >= 5
    error_message = "max_receive_count must be at least 5: throttled receives count too, and so does each wait for a place."
  }

  validation {
    condition     = var.settings.maximum_concurrency >= 2 && var.settings.maximum_concurrency <= 1000
    error_message = "maximum_concurrency must be between 2 and 1000."
  }

  validation {
    condition     = var.settings.batch_size >= 1 && (var.settings.batch_size <= 10 || var.settings.batching_window_s > 0)
    error_message = "batch_size must be 1 to 10; above 10 SQS wants a batching window."
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
