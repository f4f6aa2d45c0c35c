variable "name_prefix" {
  description = "Starts the name of the rule and of every queue, for example darkroom-dev."
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
  description = "The customer managed key of the queue; EventBridge must be allowed to use it for the rule."
  type        = string
}

variable "bus_name" {
  description = "The bus of announcements."
  type        = string
}

variable "settings" {
  description = "The webhooks_queue part of settings/functions.json. The delays between attempts are the function's."
  type = object({
    visibility_timeout_s    = number
    max_receive_count       = number
    retention_s             = number
    dead_letter_retention_s = number
    batch_size              = number
    maximum_concurrency     = number
    retry_delays_s          = list(number)
  })

  validation {
    condition     = var.settings.max_receive_count > length(var.settings.retry_delays_s) + 1
    error_message = "max_receive_count must leave room for every attempt, or a receiver that is down fills the dead-letter queue."
  }
}

# Two variables, not one object: the queue only needs the timeout, and must not wait for the function.

variable "caller_alias_arn" {
  description = "The alias of the function that calls webhooks."
  type        = string
}

variable "caller_timeout_s" {
  description = "That function's timeout."
  type        = number
}

variable "require_tls" {
  description = "Whether requests without TLS are refused. Only a local engine, which speaks plain http, turns this off."
  type        = bool
  default     = true
}
