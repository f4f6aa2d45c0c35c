variable "name_prefix" {
  description = "Starts the state machine's name, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "account_id" {
  description = "The account that owns the state machine."
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
  description = "The region of the state machine."
  type        = string
}

variable "definition_path" {
  description = "The state machine's definition, a template."
  type        = string
}

variable "function_arns" {
  description = "The alias ARNs of the functions, by short name: rerender, resize and watermark."
  type        = map(string)

  validation {
    condition     = alltrue([for name in ["rerender", "resize", "watermark"] : contains(keys(var.function_arns), name)])
    error_message = "function_arns must name rerender, resize and watermark."
  }
}

variable "at_once" {
  description = "How many photos are made at once: they share the concurrency of Lambda with uploads, so a part of what those may take."
  type        = number

  validation {
    condition     = var.at_once >= 1 && floor(var.at_once) == var.at_once
    error_message = "at_once must be a whole number, one at least: 0 would mean no limit."
  }
}

variable "images_bucket" {
  description = "The bucket of variants. The pages and results of a re-render stand there under rerenders/."
  type        = string
}

variable "images_bucket_arn" {
  description = "The ARN of that bucket."
  type        = string
}

variable "storage_key_arn" {
  description = "The key that the bucket's objects are encrypted with."
  type        = string
}

variable "table_name" {
  description = "The table of image records."
  type        = string
}

variable "table_arn" {
  description = "The ARN of the table of image records."
  type        = string
}

variable "telemetry" {
  description = "What executions tell: see the module state_machine."

  type = object({
    logging            = optional(bool, true)
    log_execution_data = optional(bool, false)
    log_retention_days = optional(number, 30)
    logs_kms_key_arn   = optional(string)
    tracing            = optional(bool, true)
  })

  default = {}
}
