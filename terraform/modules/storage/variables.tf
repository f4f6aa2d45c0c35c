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

variable "web_bucket" {
  description = "The name of the bucket with the web app's files; null makes none."
  type        = string
  default     = null
}

variable "logs_bucket" {
  description = "The name of the bucket with the logs of accesses to the others; null makes none and logs none."
  type        = string
  default     = null

  validation {
    condition     = var.logs_bucket != null || (var.trail_arn == null && !var.flow_logs && length(var.edge_log_source_arns) == 0)
    error_message = "A trail, flow logs and CloudFront's logs need logs_bucket to write to."
  }
}

variable "account_id" {
  description = "The account that owns the buckets."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have 12 digits."
  }
}

variable "trail_arn" {
  description = "The trail that writes into the logs bucket, below cloudtrail/; null for none."
  type        = string
  default     = null
}

variable "flow_logs" {
  description = "Whether the network's flow logs may be written into the logs bucket, below vpc/."
  type        = bool
  default     = false
}

variable "edge_log_source_arns" {
  description = "The sources of CloudFront's access logs that may be written into the logs bucket, below cloudfront/."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.edge_log_source_arns : can(regex("^arn:[a-z-]+:logs:us-east-1:[0-9]{12}:delivery-source:[^*]+$", arn))])
    error_message = "Each must be the ARN of one delivery source of us-east-1, without a wildcard."
  }
}

variable "log_archive_days" {
  description = "How long the logs of accesses are kept."
  type        = number
  default     = 365

  validation {
    condition     = var.log_archive_days >= 1
    error_message = "log_archive_days must be at least 1."
  }
}

variable "serve_variants" {
  description = "Whether CloudFront serves variants."
  type        = bool
  default     = false
}

variable "partition" {
  description = "The AWS partition, for ARNs."
  type        = string
  default     = "aws"
}

variable "kms_key_arn" {
  description = "The customer managed key that every original and every image is encrypted with."
  type        = string
}

variable "web_kms_key_arn" {
  description = "The customer managed key of the web app's files, where there is a web bucket."
  type        = string
  default     = null
}

variable "events_queue_arn" {
  description = "The queue that S3 notifies of new originals. Its policy must already let the bucket send."
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

variable "refuse_unnamed_keys" {
  description = "Whether a PUT that asks for KMS must name our key. Only a local engine, whose policies do not know the header, turns this off."
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

variable "region" {
  description = "The region of the buckets."
  type        = string
}

variable "replica" {
  description = "The target of the copies of originals: a versioned bucket of another region and its key; null copies nowhere."
  type = object({
    bucket_arn  = string
    kms_key_arn = string
    region      = string
  })
  default = null

  validation {
    condition     = try(var.replica.region != var.region, true)
    error_message = "A copy in the same region is lost with the original."
  }
}

variable "force_destroy" {
  description = "Whether destroying the environment destroys the images in it."
  type        = bool
  default     = false
}
