variable "endpoint_url" {
  description = "Where the local engine answers, for every service."
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

variable "cors_origins" {
  description = "Where the web app is served while it is being worked on."
  type        = list(string)
  default     = ["http://localhost:5173"]
}

variable "log_level" {
  description = "The functions' log level."
  type        = string
  default     = "INFO"
}
