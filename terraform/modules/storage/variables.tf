variable "originals_bucket" {
  description = "The name of the bucket that users and imports write to."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.originals_bucket))
    error_message = "originals_bucket must be a valid bucket name."
  }
}

variable "images_bucket" {
  description = "The name of the bucket with work files and variants."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.images_bucket))
    error_message = "images_bucket must be a valid bucket name."
  }
}

variable "partition" {
  description = "The AWS partition, for ARNs."
  type        = string
  default     = "aws"
}

variable "kms_key_arn" {
  description = "The customer managed key that every object is encrypted with."
  type        = string
}

variable "events_queue_arn" {
  description = "The queue that is told of new originals. Its policy must already let the bucket send."
  type        = string
}

variable "cors_origins" {
  description = "The web origins that may use presigned URLs from a browser; none means no browser may."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^*/]+$", origin))])
    error_message = "Each origin must be scheme://host[:port] without a path and without *."
  }
}

variable "require_tls" {
  description = "Whether requests without TLS are refused. Only a local engine, which speaks plain http, turns this off."
  type        = bool
  default     = true
}

variable "lifecycle_rules" {
  description = "Whether old versions, work files and broken uploads expire."
  type        = bool
  default     = true
}

variable "noncurrent_days" {
  description = "How long an overwritten or deleted version can be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days must be at least 1."
  }
}

variable "force_destroy" {
  description = "Whether destroying the environment destroys the images in it."
  type        = bool
  default     = false
}
