variable "name_prefix" {
  description = "The dashboard's name, and the start of every alarm's, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "environment" {
  description = "The environment's name, by whose tag the budget counts."
  type        = string
}

variable "account_id" {
  description = "The account whose alarms may use the topic."
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
  description = "The region that is watched."
  type        = string
}

variable "kms_key_arn" {
  description = "The customer managed key of the topic; CloudWatch must be allowed to use it."
  type        = string
}

variable "functions" {
  description = "The functions by short name."
  type = map(object({
    name      = string
    timeout_s = number
  }))
}

variable "workers" {
  description = "The short names of the functions that reject photos by failing: no alarm watches their error count."
  type        = set(string)
  default     = ["resize", "validate", "watermark"]
}

variable "log_group_names" {
  description = "The functions' log groups by short name."
  type        = map(string)
}

variable "queue_name" {
  description = "The uploads queue."
  type        = string
}

variable "dead_letter_queue_name" {
  description = "The dead-letter queue."
  type        = string
}

variable "undelivered_queue_name" {
  description = "The queue of announcements that could not be made."
  type        = string
}

variable "bus_name" {
  description = "The event bus of announcements."
  type        = string
}

variable "webhooks_rule_name" {
  description = "The rule of that bus that feeds the queue of webhooks."
  type        = string
}

variable "webhooks_queue_name" {
  description = "The queue of events for webhooks."
  type        = string
}

variable "webhooks_dlq_name" {
  description = "Its dead-letter queue."
  type        = string
}

variable "erasures_dlq_name" {
  description = "The queue of accounts that could not be erased."
  type        = string
}

variable "state_machine_arn" {
  description = "The state machine."
  type        = string
}

variable "rerender_machine_arn" {
  description = "The state machine of re-renders."
  type        = string
}

variable "imports_machine_arn" {
  description = "The state machine of imports, whether there is one yet or not."
  type        = string
}

variable "api_name" {
  description = "The API's name."
  type        = string
}

variable "api_stage" {
  description = "The API's stage."
  type        = string
}

variable "runbook_url" {
  description = "The runbook; every alarm links to a section of it."
  type        = string
}

variable "alarm_emails" {
  description = "The addresses that alarms are mailed to. Each must confirm once."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "alarm_emails must be e-mail addresses."
  }
}

variable "monthly_budget_usd" {
  description = "The monthly budget in USD; null sets none."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "monthly_budget_usd must be above zero."
  }
}
