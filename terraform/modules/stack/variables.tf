variable "environment" {
  description = "The environment's name; every resource is called darkroom-<environment>-…"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.environment))
    error_message = "environment must be 2 to 16 lower-case letters or digits."
  }
}

variable "region" {
  description = "The region that the provider works in."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region, such as eu-central-1."
  }
}

variable "architecture" {
  description = "The architecture of the functions' binaries: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "docs_url" {
  description = "The page that explains the error names; records and problems link to it."
  type        = string
  default     = "docs/ERRORS.md"

  validation {
    condition     = can(regex("^[^'\"\\\\{}$#\\s]+$", var.docs_url))
    error_message = "docs_url goes into the state machine's definition: no quotes, backslashes, braces, dollars, hashes or spaces."
  }
}

variable "cors_origins" {
  description = "The web origins that may use the API and presigned URLs from a browser."
  type        = list(string)
  default     = []
}

variable "log_level" {
  description = "The functions' log level."
  type        = string
  default     = "INFO"
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "log_execution_data" {
  description = "Whether the workflow's log holds inputs and outputs of states."
  type        = bool
  default     = false
}

variable "noncurrent_days" {
  description = "How long an overwritten or deleted object can be brought back."
  type        = number
  default     = 30
}

variable "key_deletion_window_days" {
  description = "How long a deleted key can be restored."
  type        = number
  default     = 30
}

variable "deletion_protection" {
  description = "Whether the table and the user pool refuse to be deleted."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Whether destroying the environment destroys the images in it."
  type        = bool
  default     = false
}

variable "advanced_security" {
  description = "Cognito's threat protection: OFF or AUDIT."
  type        = string
  default     = "OFF"
}

variable "email_sender" {
  description = "The SES identity that sends codes; null uses Cognito's own sender, which is limited to 50 mails a day."
  type = object({
    ses_identity_arn = string
    from             = string
  })
  default = null
}

variable "api_throttle" {
  description = "The most requests that the whole API takes."
  type = object({
    requests_per_second = number
    burst               = number
  })
  default = {
    requests_per_second = 50
    burst               = 100
  }
}

variable "api_route_throttles" {
  description = "Lower limits of single operations. Signing up and asking for codes send mail, passwords and codes can be guessed, trying a webhook out calls a stranger's server, the pages of operators take of the ListExecutions that the orchestrator needs, a sweep takes seconds and a thousand lists of S3, and lists that strangers share read one partition of the table."
  type = map(object({
    requests_per_second = number
    burst               = number
  }))
  default = {
    "DELETE /me"                         = { requests_per_second = 5, burst = 10 }
    "GET /albums/{album_id}/images"      = { requests_per_second = 12, burst = 24 }
    "GET /images/public"                 = { requests_per_second = 12, burst = 24 }
    "GET /ops/executions"                = { requests_per_second = 2, burst = 20 }
    "GET /ops/failures"                  = { requests_per_second = 2, burst = 20 }
    "GET /ops/overview"                  = { requests_per_second = 2, burst = 20 }
    "GET /ops/rerenders"                 = { requests_per_second = 2, burst = 20 }
    "GET /ops/rerenders/{name}"          = { requests_per_second = 2, burst = 20 }
    "GET /shared/{token}"                = { requests_per_second = 12, burst = 24 }
    "GET /users/{user_id}/images"        = { requests_per_second = 12, burst = 24 }
    "POST /auth/change-password"         = { requests_per_second = 5, burst = 10 }
    "POST /auth/confirm-forgot-password" = { requests_per_second = 5, burst = 10 }
    "POST /auth/forgot-password"         = { requests_per_second = 5, burst = 10 }
    "POST /auth/refresh"                 = { requests_per_second = 20, burst = 40 }
    "POST /auth/resend-code"             = { requests_per_second = 5, burst = 10 }
    "POST /auth/signin"                  = { requests_per_second = 20, burst = 40 }
    "POST /auth/signup"                  = { requests_per_second = 5, burst = 10 }
    "POST /auth/signout"                 = { requests_per_second = 20, burst = 40 }
    "POST /auth/verify"                  = { requests_per_second = 5, burst = 10 }
    "POST /me/webhook/test"              = { requests_per_second = 5, burst = 10 }
    "POST /ops/imports"                  = { requests_per_second = 1, burst = 5 }
    "POST /ops/rerenders"                = { requests_per_second = 1, burst = 5 }
    "POST /ops/sweep"                    = { requests_per_second = 1, burst = 5 }
  }
}

variable "webhook_trusted_hosts" {
  description = "Hosts that webhooks may lead to whatever their address, port and scheme, over plain http too; every other one must be on the public internet and speak TLS."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for host in var.webhook_trusted_hosts : can(regex("^[A-Za-z0-9.-]+$", host))])
    error_message = "webhook_trusted_hosts must be names or IPv4 addresses, without scheme, port or wildcard."
  }
}

variable "api_domain" {
  description = "The API's own name and its certificate, of this region; null leaves it at …amazonaws.com."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.api_domain == null || can(regex(":acm:${var.region}:", var.api_domain.certificate_arn))
    error_message = "A regional API takes certificates of its own region only."
  }
}

variable "api_firewall" {
  description = "Whether web application firewalls stand before the API and the user pool; about 17 USD a month."
  type        = bool
  default     = false
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

variable "replica" {
  description = "The bucket that originals are copied to, which the replica module makes in another region; null copies nowhere."
  type = object({
    bucket_arn  = string
    kms_key_arn = string
    region      = string
  })
  default = null
}

variable "audit_management_events" {
  description = "Whether the trail also records changes of the account; for an account without such a trail."
  type        = bool
  default     = false
}

variable "log_archive_days" {
  description = "How long the logs of accesses to buckets are kept."
  type        = number
  default     = 365
}

variable "interface_endpoint_zone_count" {
  description = "In how many zones the one interface endpoint stands, and is paid for."
  type        = number
  default     = 2
}

variable "flow_logs" {
  description = "Whether the network's connections and attempts are logged, beside the audit's other logs."
  type        = bool
  default     = true
}

variable "reserved_concurrency" {
  description = "How many of a function may run at once, by its short name; the others share the rest of the account's concurrency, of which AWS demands 100."
  type        = map(number)
  default     = {}
}

variable "executions_in_flight" {
  description = "How many photos may be developed at once, each in one function at a time: half of what the account's concurrency of Lambda leaves to this environment. The queue holds the rest."
  type        = number
  default     = 5

  validation {
    condition     = var.executions_in_flight >= 1 && var.executions_in_flight <= 1000 && floor(var.executions_in_flight) == var.executions_in_flight
    error_message = "executions_in_flight must be a whole number from 1 to 1000, the most that one answer of ListExecutions holds."
  }
}

variable "superseded_days" {
  description = "For how long variants stay that a photo's record no longer names, because a newer recipe, version or focal point took their place. Links and caches that were given out before live on meanwhile."
  type        = number
  default     = 7

  validation {
    condition     = var.superseded_days >= 1 && var.superseded_days <= 365 && floor(var.superseded_days) == var.superseded_days
    error_message = "superseded_days must be a whole number from 1 to 365: links to variants live for a quarter of an hour, and pages that show them longer."
  }
}

variable "import_buckets" {
  description = "The ARNs of other buckets that operators may import photos from; empty, and there is no machine that imports, and no role that may read another bucket."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.import_buckets : can(regex("^arn:[a-z-]+:s3:::[^/]+$", arn))])
    error_message = "import_buckets must be ARNs of buckets, without a key."
  }
}

variable "import_key_arns" {
  description = "The ARNs of the keys of KMS that these buckets are encrypted with, if they are. The policies of the keys must let the role of the function bring decrypt."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.import_key_arns : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[^*]+$", arn))])
    error_message = "import_key_arns must be ARNs of keys of KMS: an alias is not the resource of a policy."
  }
}

variable "import_batches" {
  description = "Whether Step Functions hands out objects of an import in batches. The local engine knows no batches, and hands each out by itself."
  type        = bool
  default     = true
}

variable "reads_heic" {
  description = "Whether HEIC, the photos of iPhones, is read. The next release builds the functions with or without it. Its codec, HEVC, is patented in places: docs/adr/0017-heic.md."
  type        = bool
  default     = false
}

variable "runbook_url" {
  description = "The runbook; every alarm links to a section of it."
  type        = string
  default     = "docs/OPERATIONS.md"

  validation {
    condition     = can(regex("^[^#\\s]+$", var.runbook_url))
    error_message = "runbook_url is followed by # and the name of a section: no hashes and no spaces."
  }
}

variable "alarm_emails" {
  description = "The addresses that alarms are mailed to. Each must confirm once."
  type        = set(string)
  default     = []
}

variable "monthly_budget_usd" {
  description = "The monthly budget in USD; null sets none."
  type        = number
  default     = null
}

# Switches for an engine that is not AWS. Every AWS environment leaves them as they are.

variable "require_tls" {
  description = "Whether buckets and queues refuse requests without TLS."
  type        = bool
  default     = true
}

variable "token_key_names_roles" {
  description = "Whether the policy of the tokens key names the roles that may use it, beside what their own policies say."
  type        = bool
  default     = true
}

variable "audit" {
  description = "Whether each access to an original or a variant is recorded, by S3 and by CloudTrail."
  type        = bool
  default     = true
}

variable "private_network" {
  description = "Whether the functions that read originals run in isolated subnets."
  type        = bool
  default     = true
}

variable "observability" {
  description = "Whether there are alarms, a dashboard and saved queries."
  type        = bool
  default     = true
}

variable "refuse_unnamed_keys" {
  description = "Whether a PUT that asks for KMS must name our key."
  type        = bool
  default     = true
}

variable "lifecycle_rules" {
  description = "Whether old versions, work files and broken uploads expire."
  type        = bool
  default     = true
}

variable "point_in_time_recovery" {
  description = "Whether the table can be restored to any second of the last 35 days."
  type        = bool
  default     = true
}

variable "sqs_endpoint" {
  description = "The address of SQS; null is AWS's own in the region."
  type        = string
  default     = null
}

variable "rotate_keys" {
  description = "Whether KMS renews the material of the keys every year."
  type        = bool
  default     = true
}

variable "placeholder_in_bucket" {
  description = "Whether functions are made from an archive in the images bucket, all at once; an upload with each makes one after the other."
  type        = bool
  default     = false
}

variable "encrypt_logs" {
  description = "Whether log groups and the topic of alarms are encrypted with a key of ours."
  type        = bool
  default     = true
}

variable "workflow_logging" {
  description = "Whether executions are logged."
  type        = bool
  default     = true
}

variable "publish_workflow" {
  description = "Whether each definition becomes a version behind the alias live."
  type        = bool
  default     = true
}

variable "tracing" {
  description = "Whether functions, workflow and API send traces to X-Ray."
  type        = bool
  default     = true
}

variable "api_access_logs" {
  description = "Whether API requests are logged."
  type        = bool
  default     = true
}
