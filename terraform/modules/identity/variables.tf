variable "name_prefix" {
  description = "Starts the names of the pool and its client, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "deletion_protection" {
  description = "Whether the user pool refuses to be deleted."
  type        = bool
  default     = true
}

variable "self_sign_up" {
  description = "Whether people may open an account themselves."
  type        = bool
  default     = true
}

variable "password_minimum_length" {
  description = "The shortest password that is accepted; settings/identity.json has it for the API and the pool alike."
  type        = number

  validation {
    condition     = var.password_minimum_length >= 8 && var.password_minimum_length <= 99
    error_message = "password_minimum_length must be between 8 and 99."
  }
}

variable "advanced_security" {
  description = "Cognito's threat protection: OFF, or AUDIT, which needs the PLUS tier, billed per active user. Not ENFORCED: it answers sign-ins with challenges (ADR 28)."
  type        = string
  default     = "OFF"

  validation {
    condition     = contains(["OFF", "AUDIT"], var.advanced_security)
    error_message = "advanced_security must be OFF or AUDIT: sign-in has no answer to the challenges of ENFORCED."
  }
}

variable "token_minutes" {
  description = "How long id and access tokens live; settings/identity.json has it, since an erasure outlasts them."
  type        = number
  default     = 60

  validation {
    condition     = var.token_minutes >= 5 && var.token_minutes <= 1440
    error_message = "token_minutes must be between 5 and 1440."
  }
}

variable "operators_group" {
  description = "The group whose users are operators; settings/identity.json has it, since functions read it in tokens."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+$", var.operators_group))
    error_message = "operators_group must be lower-case letters: the gateway hands groups on in one text, with separators."
  }
}

variable "refresh_token_days" {
  description = "How long a refresh token lives."
  type        = number
  default     = 30

  validation {
    condition     = var.refresh_token_days >= 1 && var.refresh_token_days <= 3650
    error_message = "refresh_token_days must be between 1 and 3650."
  }
}

variable "email_sender" {
  description = "The SES identity that sends codes; null uses Cognito's own sender, which is limited to 50 mails a day."
  type = object({
    ses_identity_arn = string
    from             = string
  })
  default = null

  validation {
    condition     = var.email_sender == null || can(regex(":ses:[^:]+:[0-9]{12}:identity/", var.email_sender.ses_identity_arn))
    error_message = "ses_identity_arn must be the ARN of an SES identity."
  }

  validation {
    condition     = var.email_sender == null || can(regex("^[^@]+@[^@\\s]+$", var.email_sender.from))
    error_message = "from must be an e-mail address, with or without a name before it."
  }
}

variable "firewall" {
  description = "Whether a web application firewall stands before the pool; about 7 USD a month."
  type        = bool
  default     = false
}

variable "requests_per_second" {
  description = "How many requests a second the API's gateway lets through to Cognito's public calls, all routes together. One address may send as many, since all of ours may come from one."
  type        = number

  validation {
    condition     = var.requests_per_second > 0
    error_message = "requests_per_second must be above zero."
  }
}
