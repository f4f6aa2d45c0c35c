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

variable "worker_arns" {
  description = "The alias ARNs of the workers, by short name: validate, resize and watermark."
  type        = map(string)

  validation {
    condition     = alltrue([for name in ["validate", "resize", "watermark"] : contains(keys(var.worker_arns), name)])
    error_message = "worker_arns must name validate, resize and watermark."
  }
}

variable "table_name" {
  description = "The table of image records."
  type        = string
}

variable "table_arn" {
  description = "The ARN of the table of image records."
  type        = string
}

variable "docs_url" {
  description = "The page that explains the error names; records link to it."
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

variable "publish" {
  description = "Whether each definition becomes a version behind the alias live, so that it can be rolled back."
  type        = bool
  default     = true
}
