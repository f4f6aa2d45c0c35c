variable "name_prefix" {
  description = "Starts the state machine's name, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "name" {
  description = "The rest of its name."
  type        = string
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
}

variable "region" {
  description = "The region of the state machine."
  type        = string
}

variable "definition" {
  description = "The definition in the Amazon States Language, as JSON."
  type        = string

  validation {
    condition     = can(jsondecode(var.definition).StartAt) && !can(regex("[$][{]", var.definition))
    error_message = "definition must be JSON with a StartAt, and hold no placeholder."
  }
}

variable "permissions" {
  description = "What the machine may do: the statements of a policy, as JSON. Those for its log and its traces are added."
  type        = string
}

variable "executions_come_as" {
  description = "What follows the machine's ARN where its executions call under another name: colon and star for versions and aliases, slash and star for the items of a Distributed Map."
  type        = string

  validation {
    condition     = contains([":*", "/*"], var.executions_come_as)
    error_message = "executions_come_as must be :* or /*."
  }
}

variable "publish" {
  description = "Whether each definition becomes a version."
  type        = bool
  default     = false
}

variable "log_level" {
  description = "ALL, or ERROR for a machine with so many executions that a line for each would cost more than it tells."
  type        = string

  validation {
    condition     = contains(["ALL", "ERROR"], var.log_level)
    error_message = "log_level must be ALL or ERROR."
  }
}

variable "telemetry" {
  description = "What executions tell: whether they are logged and traced, how long the log is kept and by which key it is encrypted (null leaves it to CloudWatch's own), and whether it holds inputs and outputs of states. These are references and facts of images, so not in prod."

  type = object({
    logging            = optional(bool, true)
    log_execution_data = optional(bool, false)
    log_retention_days = optional(number, 30)
    logs_kms_key_arn   = optional(string)
    tracing            = optional(bool, true)
  })

  default = {}
}
