variable "name_prefix" {
  description = "The API's name, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "environment" {
  description = "The environment's name, which is the stage's name too."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.environment))
    error_message = "environment must be 2 to 16 lower-case letters or digits."
  }
}

variable "openapi_path" {
  description = "The OpenAPI file: routes, functions (x-lambda), who may call (security) and the words of errors."
  type        = string
}

variable "functions" {
  description = "The functions by short name: their names and what invokes their alias live."
  type = map(object({
    name             = string
    alias_invoke_arn = string
  }))
}

variable "user_pool_arn" {
  description = "The user pool whose id tokens are accepted."
  type        = string
}

variable "docs_url" {
  description = "The page that explains the error names; problems link to it."
  type        = string
}

variable "cors_origins" {
  description = "The web origins that may read answers. If there is one, any page reads the gateway's own refusals, which tell of no user."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^*/']+$", origin))])
    error_message = "Each origin must be scheme://host[:port] without a path and without *."
  }
}

variable "throttle" {
  description = "The most requests that the whole API takes."
  type = object({
    requests_per_second = number
    burst               = number
  })
  default = {
    requests_per_second = 50
    burst               = 100
  }

  validation {
    condition     = var.throttle.requests_per_second > 0 && var.throttle.burst > 0
    error_message = "Both limits must be above zero: without them one client can spend the whole account's quota."
  }
}

variable "route_throttles" {
  description = "Lower limits of single operations, by method and path as in the OpenAPI file: POST /auth/signin."
  type = map(object({
    requests_per_second = number
    burst               = number
  }))
  default = {}

  validation {
    condition     = alltrue([for throttle in values(var.route_throttles) : throttle.requests_per_second > 0 && throttle.burst > 0])
    error_message = "Both limits must be above zero."
  }

  validation {
    condition     = alltrue([for throttle in values(var.route_throttles) : throttle.requests_per_second <= var.throttle.requests_per_second])
    error_message = "A route cannot take more than the whole API."
  }
}

variable "custom_domain" {
  description = "The API's own name and its certificate, of this region; null leaves it at …amazonaws.com."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null
}

variable "firewall" {
  description = "Whether a web application firewall stands before the API."
  type        = bool
  default     = false
}

variable "detailed_metrics" {
  description = "Whether each method has metrics of its own."
  type        = bool
  default     = false
}

variable "tracing" {
  description = "Whether requests send traces to X-Ray."
  type        = bool
  default     = true
}

variable "access_logs" {
  description = "Whether requests are logged. The region's API Gateway account settings must name a role that may write logs."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "How long access logs are kept."
  type        = number
  default     = 30
}

variable "logs_kms_key_arn" {
  description = "The customer managed key of the access log; null leaves it to CloudWatch's own encryption."
  type        = string
  default     = null
}
