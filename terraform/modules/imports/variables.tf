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

variable "bring_arn" {
  description = "The alias ARN of the function bring."
  type        = string
}

variable "import_buckets" {
  description = "The ARNs of the buckets that may be listed."
  type        = list(string)

  validation {
    condition     = length(var.import_buckets) > 0 && alltrue([for arn in var.import_buckets : can(regex("^arn:[a-z-]+:s3:::[^/]+$", arn))])
    error_message = "import_buckets must be ARNs of buckets, without a key, and at least one."
  }
}

variable "images_bucket" {
  description = "The bucket under whose prefix work/imports Step Functions writes the outputs of batches."
  type        = string
}

variable "storage_key_arn" {
  description = "The key of that bucket."
  type        = string
}

variable "batch_size" {
  description = "Objects of a batch."
  type        = number

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 150
    error_message = "batch_size must be 1 to 150: keys of 1,024 bytes and more objects would not fit into the 256 KB of an input."
  }
}

variable "batches_at_once" {
  description = "Batches that run at once. With the window of the function bring, this is how many photos of an import are on their way."
  type        = number

  validation {
    condition     = var.batches_at_once >= 1
    error_message = "batches_at_once must be at least 1: to Step Functions, 0 is no limit."
  }
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
