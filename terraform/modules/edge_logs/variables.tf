variable "name_prefix" {
  description = "Starts the name of each source, for example darkroom-dev; the bucket's policy knows the sources by it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "distribution_arns" {
  description = "The distributions, by what they serve: web, variants."
  type        = map(string)
}

variable "logs_bucket_arn" {
  description = "Where the logs go, below cloudfront/; its policy must already let them in."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::[^*/]+$", var.logs_bucket_arn))
    error_message = "logs_bucket_arn must be the ARN of one bucket."
  }
}
