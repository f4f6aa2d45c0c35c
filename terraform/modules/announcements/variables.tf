variable "name_prefix" {
  description = "The bus's name, and the start of the queue's, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "account_id" {
  description = "The account that owns the queue."
  type        = string
}

variable "partition" {
  description = "The AWS partition, for ARNs."
  type        = string
  default     = "aws"
}

variable "region" {
  description = "The region of the queue."
  type        = string
}

variable "kms_key_arn" {
  description = "The customer managed key of the queue."
  type        = string
}

variable "stream_arn" {
  description = "The stream of the table of images, with old and new images."
  type        = string
}

variable "announcer_alias_arn" {
  description = "The alias of the function that reads the stream and puts events onto the bus."
  type        = string
}

variable "settings" {
  description = "The announcements part of settings/functions.json."
  type = object({
    batch_size             = number
    maximum_retry_attempts = number
    maximum_record_age_s   = number
  })

  validation {
    condition     = var.settings.batch_size >= 1 && var.settings.batch_size <= 100
    error_message = "batch_size must be 1 to 100: a call of the bus takes ten events, and a batch has the function's timeout."
  }

  validation {
    condition     = var.settings.maximum_retry_attempts >= 1 && var.settings.maximum_retry_attempts <= 10000
    error_message = "maximum_retry_attempts must be 1 to 10000: without a limit one bad change stops the stream for a day."
  }

  validation {
    condition     = var.settings.maximum_record_age_s >= 60 && var.settings.maximum_record_age_s <= 86400
    error_message = "maximum_record_age_s must be a minute to a day, which is how long a stream keeps a change."
  }
}

variable "require_tls" {
  description = "Whether requests without TLS are refused. Only a local engine, which speaks plain http, turns this off."
  type        = bool
  default     = true
}
