variable "name_prefix" {
  description = "Starts the name of everything here, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "region" {
  description = "The region of the buckets."
  type        = string
}

variable "web_bucket" {
  description = "The bucket with the web app's files."
  type        = string
}

variable "images_bucket" {
  description = "The bucket with the variants."
  type        = string
}

variable "api_host" {
  description = "The API's address, for the app's scripts."
  type        = string

  validation {
    condition     = can(regex("^https://[^*/; ]+$", var.api_host))
    error_message = "api_host must be https://host, without a path and without *."
  }
}

variable "originals_host" {
  description = "The address that the app's scripts send photos to."
  type        = string

  validation {
    condition     = can(regex("^https://[^*/; ]+$", var.originals_host))
    error_message = "originals_host must be https://host, without a path and without *."
  }
}

variable "images_host" {
  description = "The address of the app's pictures, and of the files that its scripts save."
  type        = string

  validation {
    condition     = can(regex("^https://[^*/; ]+$", var.images_host))
    error_message = "images_host must be https://host, without a path and without *."
  }
}

variable "web_domain" {
  description = "The app's own name and its certificate, which must be one of us-east-1; null leaves it at …cloudfront.net."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.web_domain == null || can(regex(":acm:us-east-1:", var.web_domain.certificate_arn))
    error_message = "CloudFront takes certificates of us-east-1 only."
  }
}

variable "price_class" {
  description = "The parts of the world that CloudFront serves from."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "variants_public_keys" {
  description = "By name, the public keys (PEM) that links to variants are signed with; without any, variants do not go through CloudFront."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for pem in values(var.variants_public_keys) : startswith(pem, "-----BEGIN PUBLIC KEY-----")])
    error_message = "Each key must be a public key in PEM."
  }
}
