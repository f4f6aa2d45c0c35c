variable "region" {
  description = "The region of everything."
  type        = string
  default     = "eu-central-1"
}

variable "account_id" {
  description = "The account this environment belongs to; an apply with the credentials of another one is refused. Null takes any."
  type        = string
  default     = null

  validation {
    condition     = var.account_id == null || can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have 12 digits."
  }
}

variable "cors_origins" {
  description = "The web origins that may use the API and presigned URLs from a browser."
  type        = list(string)
  default     = []
}

variable "docs_url" {
  description = "The page that explains the error names; records and problems link to it."
  type        = string
  default     = "docs/ERRORS.md"
}

variable "executions_in_flight" {
  description = "How many photos may be developed at once: half of what the account's concurrency of Lambda leaves to this environment. 5 is for a new account, which runs 10 functions at once."
  type        = number
  default     = 5
}

variable "import_buckets" {
  description = "The ARNs of other buckets that operators may import photos from (docs/OPERATIONS.md, Import a bucket)."
  type        = list(string)
  default     = []
}

variable "import_key_arns" {
  description = "The ARNs of the keys of KMS that these buckets are encrypted with, if they are."
  type        = list(string)
  default     = []
}

variable "reads_heic" {
  description = "Whether HEIC, the photos of iPhones, is read. Its codec, HEVC, is patented in places: docs/adr/0017-heic.md says what is known."
  type        = bool
  default     = false
}

variable "runbook_url" {
  description = "The runbook; every alarm links to a section of it."
  type        = string
  default     = "docs/OPERATIONS.md"
}

variable "alarm_emails" {
  description = "The addresses that alarms are mailed to. Each must confirm once."
  type        = set(string)
  default     = []

  validation {
    condition     = length(var.alarm_emails) > 0
    error_message = "alarm_emails must have an address: without one, prod's alarms reach no operator."
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
    condition     = var.email_sender != null
    error_message = "email_sender must be given in prod: Cognito's own sender stops after 50 mails a day, and people without a code cannot sign up."
  }
}

variable "advanced_security" {
  description = "Cognito's threat protection: OFF, or AUDIT, which is 0.02 USD for each user who signs in during a month, and judges the address of our function only."
  type        = string
  default     = "OFF"
}

variable "api_throttle" {
  description = "The most requests that the whole API takes."
  type = object({
    requests_per_second = number
    burst               = number
  })
  default = {
    requests_per_second = 200
    burst               = 400
  }
}

variable "api_domain" {
  description = "The API's own name and its certificate, of this region; null leaves it at …amazonaws.com."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null
}

variable "web_delivery" {
  description = "Whether there is a bucket for the web app and a CloudFront distribution before it. AWS refuses distributions to some new accounts until support has verified them."
  type        = bool
  default     = true
}

variable "web_domain" {
  description = "The web app's own name and its certificate, of us-east-1; null leaves it at …cloudfront.net."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null
}

variable "variants_public_keys" {
  description = "By name, the public keys (PEM) that CloudFront links to variants are signed with; without any, variants do not go through CloudFront."
  type        = map(string)
  default     = {}
}

variable "audit_management_events" {
  description = "Whether the trail also records changes of the account; false if the account has such a trail already."
  type        = bool
  default     = true
}

variable "replica_region" {
  description = "The region that originals are copied into; null copies nowhere. The copies cost about as much as the originals."
  type        = string
  default     = null

  validation {
    condition     = var.replica_region == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.replica_region))
    error_message = "replica_region must be an AWS region, such as eu-west-1."
  }

  validation {
    condition     = var.replica_region != var.region
    error_message = "A copy in the same region is lost with it."
  }
}

variable "reserved_concurrency" {
  description = "How many of a function may run at once, by its short name; the others share the rest of the account's concurrency, of which AWS demands 100."
  type        = map(number)
  default     = {}
}
