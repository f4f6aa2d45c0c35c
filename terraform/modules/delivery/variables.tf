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

variable "connect_hosts" {
  description = "Where the app's scripts may send requests, besides its own origin: the API and the originals bucket."
  type        = list(string)

  validation {
    condition     = alltrue([for host in var.connect_hosts : can(regex("^https://[^*/; ]+$", host))])
    error_message = "Each host must be https://host, without a path and without *."
  }
}

variable "image_hosts" {
  description = "Where the app's pictures may come from, besides its own origin."
  type        = list(string)

  validation {
    condition     = alltrue([for host in var.image_hosts : can(regex("^https://[^*/; ]+$", host))])
    error_message = "Each host must be https://host, without a path and without *."
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
  description = "From which parts of the world CloudFront serves."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "variants_public_keys" {
  description = "By name, the public keys (PEM) of whoever signs links to variants; without any, variants do not go through CloudFront."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for pem in values(var.variants_public_keys) : startswith(pem, "-----BEGIN PUBLIC KEY-----")])
    error_message = "Each key must be a public key in PEM."
  }
}
