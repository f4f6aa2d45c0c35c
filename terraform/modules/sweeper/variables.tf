variable "name_prefix" {
  description = "Starts the name of the rule, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "every_minutes" {
  description = "The time between two calls."
  type        = number

  validation {
    condition     = var.every_minutes >= 1 && var.every_minutes <= 60 && floor(var.every_minutes) == var.every_minutes
    error_message = "every_minutes must be a whole number from 1 to 60: an alarm counts the calls of two hours."
  }
}

variable "function_name" {
  description = "The name of the function."
  type        = string
}

variable "function_alias_arn" {
  description = "The ARN of the function's alias, which is called."
  type        = string

  validation {
    condition     = length(split(":", var.function_alias_arn)) == 8
    error_message = "function_alias_arn must end in an alias: without one, a deployment would not be what is called."
  }
}
