variable "endpoint_url" {
  description = "The address of the local engine, for every service."
  type        = string
  default     = "http://127.0.0.1:4566"

  validation {
    condition     = can(regex("^http://(127\\.0\\.0\\.1|localhost|\\[::1\\]):[0-9]+$", var.endpoint_url))
    error_message = "endpoint_url must be http://127.0.0.1:<port>: this environment never leaves the machine."
  }
}

variable "region" {
  description = "The region that the engine pretends to be."
  type        = string
  default     = "us-east-1"
}

variable "architecture" {
  description = "The laptop's own: x86_64 or arm64. The engine runs the binaries as plain processes."
  type        = string
}

variable "web_url" {
  description = "Where the web app is served: the origin that the API and the buckets let in."
  type        = string
  default     = "http://127.0.0.1:5566"

  validation {
    condition     = can(regex("^http://127\\.0\\.0\\.1:[0-9]+$", var.web_url))
    error_message = "web_url must be http://127.0.0.1:<port>: this environment never leaves the machine."
  }
}

variable "cors_origins" {
  description = "Other addresses of the web app, for work on it."
  type        = list(string)
  default     = ["http://localhost:5173"]
}

variable "log_level" {
  description = "The functions' log level."
  type        = string
  default     = "INFO"
}
