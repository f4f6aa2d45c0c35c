variable "name_prefix" {
  description = "Starts the name of everything in the network, for example darkroom-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,39}$", var.name_prefix))
    error_message = "name_prefix must be 3 to 40 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "account_id" {
  description = "The only account whose principals may use the endpoints."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have 12 digits."
  }
}

variable "region" {
  description = "The region of the network."
  type        = string
}

variable "cidr_block" {
  description = "The network's addresses. It is connected to nothing, so two environments may use the same."
  type        = string
  default     = "10.20.0.0/20"

  validation {
    condition     = can(cidrsubnet(var.cidr_block, 4, 0)) && try(tonumber(split("/", var.cidr_block)[1]) <= 24, false)
    error_message = "cidr_block must be a network of at least 256 addresses: each zone takes a sixteenth."
  }
}

variable "zone_count" {
  description = "In how many availability zones the functions may run. Subnets cost nothing."
  type        = number
  default     = 3

  validation {
    condition     = var.zone_count >= 2 && var.zone_count <= 6
    error_message = "zone_count must be between 2 and 6: a single zone may fail."
  }
}

variable "interface_endpoints" {
  description = "The services reached through an interface endpoint. Each costs by the hour and zone, so name only services that a function's own code calls and no gateway endpoint serves."
  type        = set(string)
  default     = ["states"]

  validation {
    condition     = alltrue([for service in var.interface_endpoints : contains(["states"], service)])
    error_message = "An interface endpoint needs a policy in this module: only states has one."
  }
}

variable "interface_endpoint_zone_count" {
  description = "In how many zones an interface endpoint stands. One is cheapest, two survive a zone; functions reach it from every zone."
  type        = number
  default     = 2

  validation {
    condition     = var.interface_endpoint_zone_count >= 1 && var.interface_endpoint_zone_count <= 6
    error_message = "interface_endpoint_zone_count must be between 1 and 6."
  }

  validation {
    condition     = var.interface_endpoint_zone_count <= var.zone_count
    error_message = "An endpoint cannot stand in more zones than the network has."
  }
}

variable "originals_bucket_arn" {
  description = "The originals bucket, one of two that the S3 endpoint leads to."
  type        = string
}

variable "images_bucket_arn" {
  description = "The images bucket, the other one."
  type        = string
}

variable "table_arn" {
  description = "The one table that the DynamoDB endpoint leads to."
  type        = string
}

variable "state_machine_arn" {
  description = "The machine whose executions may be started through the states endpoint."
  type        = string

  validation {
    condition     = length(split(":", var.state_machine_arn)) == 7
    error_message = "state_machine_arn must be the machine's own: AWS authorises calls through an alias or a version by that one."
  }
}

variable "flow_logs" {
  description = "Whether the network's connections and attempts are logged."
  type        = bool
  default     = false
}

variable "flow_logs_bucket_arn" {
  description = "The bucket of the flow logs, which go below vpc/; its policy must let them in."
  type        = string
  default     = null

  validation {
    condition     = !var.flow_logs || var.flow_logs_bucket_arn != null
    error_message = "Flow logs need flow_logs_bucket_arn."
  }
}
