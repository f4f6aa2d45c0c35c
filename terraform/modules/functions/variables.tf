variable "name_prefix" {
  description = "Starts the name of every function, role and log group, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "environment" {
  description = "The environment's name, which the functions put into their logs."
  type        = string
}

variable "account_id" {
  description = "The account that owns the functions."
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
  description = "The region of the functions."
  type        = string
}

variable "functions" {
  description = "The functions part of settings/functions.json: by name, the size, the timeout and the names of the environment variables."
  type = map(object({
    memory_mb   = number
    timeout_s   = number
    vpc         = bool
    environment = list(string)
  }))

  validation {
    condition     = alltrue([for f in values(var.functions) : f.memory_mb >= 128 && f.memory_mb <= 10240])
    error_message = "memory_mb must be between 128 and 10240."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : f.timeout_s >= 1 && f.timeout_s <= 900])
    error_message = "timeout_s must be between 1 and 900."
  }
}

variable "environment_values" {
  description = "The value of every environment variable that a function may ask for by name."
  type        = map(string)
}

variable "resources" {
  description = "The resources that the roles may use. ARNs made from names will do: nothing here waits for the resource itself."
  type = object({
    originals_bucket_arn = string
    images_bucket_arn    = string
    table_arn            = string
    uploads_queue_arn    = string
    uploads_dlq_arn      = string
    event_bus_arn        = string
    undelivered_arn      = string
    webhooks_queue_arn   = string
    webhooks_dlq_arn     = string
    erasures_queue_arn   = string
    erasures_dlq_arn     = string
    state_machine_arn    = string
    rerender_machine_arn = string
    imports_machine_arn  = string
    storage_key_arn      = string
    messaging_key_arn    = string
    token_key_arn        = string
    user_pool_arn        = string
  })

  validation {
    condition     = alltrue([for arn in values(var.resources) : startswith(arn, "arn:") && !strcontains(arn, "*")])
    error_message = "Each resource must be one full ARN, without a wildcard."
  }

  validation {
    condition     = length(split(":", var.resources.state_machine_arn)) == 7
    error_message = "state_machine_arn must be the machine's own: AWS authorises calls through an alias or a version by that one."
  }
}

variable "import_buckets" {
  description = "The ARNs of other buckets that imports may read; empty, and no role may read any."
  type        = list(string)
  default     = []
}

variable "import_key_arns" {
  description = "The ARNs of the keys of KMS that these buckets are encrypted with, if they are."
  type        = list(string)
  default     = []
}

variable "state_machine_alias" {
  description = "The alias that the orchestrator starts executions through; null where it starts the machine itself."
  type        = string
  default     = null
}

variable "vpc" {
  description = "The network of the functions that have vpc set; null runs them outside of any."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "architecture" {
  description = "The architecture of the binaries: arm64 or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "log_level" {
  description = "The functions' log level."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be TRACE, DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs knows, and not for ever."
  }
}

variable "logs_kms_key_arn" {
  description = "The customer managed key of the log groups; null leaves them to CloudWatch's own encryption."
  type        = string
  default     = null
}

variable "tracing" {
  description = "Whether the functions send traces to X-Ray."
  type        = bool
  default     = true
}

variable "placeholder_bucket" {
  description = "The bucket that the placeholder is put into, for functions to be made from it side by side; null sends it with each function, and the provider makes one after the other."
  type        = string
  default     = null
}

variable "reserved_concurrency" {
  description = "How many of a function may run at once, by its short name: kept for it, and never more. The other functions share the rest, of which AWS demands 100."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for name, count in var.reserved_concurrency : contains(keys(var.functions), name) && count >= 1])
    error_message = "reserved_concurrency must name functions, and leave each at least one: 0 would stop it."
  }
}
