output "api_id" {
  description = "The REST API."
  value       = module.api.api_id
}

output "api_stage" {
  description = "The API's one stage."
  value       = module.api.stage_name
}

output "api_url" {
  description = "The API's address on AWS, without a slash at the end."
  value       = module.api.invoke_url
}

output "region" {
  description = "The region of everything."
  value       = var.region
}

output "user_pool_id" {
  description = "The user pool."
  value       = module.identity.user_pool_id
}

output "user_pool_client_id" {
  description = "The one client of the user pool."
  value       = module.identity.user_pool_client_id
}

output "originals_bucket" {
  description = "The bucket that users and imports write to."
  value       = module.storage.bucket_names["originals"]

  precondition {
    condition     = module.storage.bucket_arns["originals"] == local.arns.originals_bucket
    error_message = "The originals bucket is not called what policies and functions were told."
  }
}

output "images_bucket" {
  description = "The bucket with work files and variants."
  value       = module.storage.bucket_names["images"]

  precondition {
    condition     = module.storage.bucket_arns["images"] == local.arns.images_bucket
    error_message = "The images bucket is not called what policies and functions were told."
  }
}

output "uploads_queue_url" {
  description = "The queue of S3 events."
  value       = module.uploads.queue_url

  precondition {
    condition     = module.uploads.queue_arn == local.arns.uploads_queue
    error_message = "The uploads queue is not called what policies were told."
  }

  precondition {
    condition     = module.uploads.queue_url == "${local.queue_url_prefix}uploads"
    error_message = "The uploads queue has another address than the functions were told."
  }
}

output "uploads_dlq_url" {
  description = "The queue of S3 events that could not be handled."
  value       = module.uploads.dead_letter_queue_url

  precondition {
    condition     = module.uploads.dead_letter_queue_url == "${local.queue_url_prefix}uploads-dlq"
    error_message = "The dead letters of uploads are not where policies and functions were told."
  }
}

output "state_machine_arn" {
  description = "The state machine."
  value       = module.workflow.state_machine_arn

  precondition {
    condition     = module.workflow.start_arn == local.start_arn
    error_message = "The state machine is not called what policies and functions were told."
  }
}

output "rerender_machine_arn" {
  description = "The state machine of re-renders."
  value       = module.rerender.state_machine_arn

  precondition {
    condition     = module.rerender.state_machine_arn == local.arns.rerender_machine
    error_message = "The state machine of re-renders is not called what policies and functions were told."
  }
}

output "imports_machine_arn" {
  description = "The state machine that imports buckets, or null."
  value       = one(module.imports[*].state_machine_arn)

  precondition {
    condition     = alltrue([for machine in module.imports : machine.state_machine_arn == local.arns.imports_machine])
    error_message = "The machine that imports is not called what policies and functions were told."
  }

  precondition {
    condition     = alltrue([for arn in var.import_buckets : !contains([local.arns.originals_bucket, local.arns.images_bucket], arn)])
    error_message = "import_buckets must not name the environment's own buckets: an operator could take other users' photos."
  }
}

output "images_table" {
  description = "The table of image records."
  value       = module.metadata.table_name

  precondition {
    condition     = module.metadata.table_arn == local.arns.table
    error_message = "The table is not called what policies and functions were told."
  }
}

output "functions" {
  description = "The function names by short name."
  value       = module.functions.names
}

output "reads_heic" {
  description = "Whether a release is built with the decoder of HEIC."
  value       = var.reads_heic
}

output "storage_key_arn" {
  description = "The key that every object is encrypted with."
  value       = module.encryption.key_arns["storage"]
}

output "web_bucket" {
  description = "The bucket that the web app is shipped to, or null."
  value       = lookup(module.storage.bucket_names, "web", null)

  precondition {
    condition     = lookup(module.storage.bucket_names, "web", null) == local.web_bucket
    error_message = "The web bucket is not called what CloudFront was told."
  }
}

output "web_url" {
  description = "The web app's address, or null."
  value       = one(module.delivery[*].web_url)
}

output "web_distribution" {
  description = "The web app's distribution: its id for invalidations, its name for the DNS record of one's own; or null."
  value       = one(module.delivery[*].web_distribution)
}

output "api_domain_target" {
  description = "The target for the DNS record of the API's own name, or null."
  value       = module.api.custom_domain_target
}

output "trail_arn" {
  description = "The trail of accesses to photos, or null."
  value       = one(module.audit[*].trail_arn)

  precondition {
    condition     = one(module.audit[*].trail_arn) == local.trail_arn
    error_message = "The trail is not called what its key and bucket were told."
  }
}

output "edge_logs" {
  description = "For the edge_logs module: CloudFront's distributions and the bucket of their logs; null where there are none."
  value = length(local.edge_log_source_arns) == 0 ? null : {
    name_prefix     = local.name_prefix
    logs_bucket_arn = one(module.storage.log_destination_arns)
    distribution_arns = merge(
      { web = one(module.delivery[0].web_distribution_arns) },
      { for arn in module.delivery[0].variants_distribution_arns : "variants" => arn },
    )
  }
}

output "event_bus_name" {
  description = "The event bus of announcements."
  value       = module.announcements.bus_name

  precondition {
    condition     = module.announcements.bus_arn == local.arns.event_bus && module.announcements.undelivered_queue_arn == local.arns.undelivered
    error_message = "The roles name another bus or queue than the one that was made."
  }
}

output "webhooks_queue_url" {
  description = "The queue of events for webhooks."
  value       = module.webhooks.queue_url

  precondition {
    condition     = module.webhooks.queue_arn == local.arns.webhooks_queue && module.webhooks.rule_arn == local.arns.webhooks_rule
    error_message = "The webhooks' queue or rule is not called what policies and keys were told."
  }

  precondition {
    condition     = module.webhooks.queue_url == local.webhooks_queue_url
    error_message = "The webhooks' queue has another address than the functions were told."
  }
}

output "erasures_queue_url" {
  description = "The queue of accounts to erase."
  value       = module.erasures.queue_url

  precondition {
    condition     = module.erasures.queue_arn == local.arns.erasures_queue
    error_message = "The queue of erasures is not called what policies were told."
  }

  precondition {
    condition     = module.erasures.queue_url == local.erasures_queue_url
    error_message = "The queue of erasures has another address than the functions were told."
  }

  precondition {
    condition     = local.settings.erasures_queue.batch_size == 1
    error_message = "The batch_size of erasures must be 1: each account has the whole time of a call."
  }
}

output "erasures_dlq_url" {
  description = "The queue of accounts that could not be erased."
  value       = module.erasures.dead_letter_queue_url

  precondition {
    condition     = module.erasures.dead_letter_queue_url == "${local.queue_url_prefix}erasures-dlq"
    error_message = "The dead letters of erasures are not where policies and functions were told."
  }
}

output "webhooks_dlq_url" {
  description = "The queue of events for webhooks that could not be handled."
  value       = module.webhooks.dead_letter_queue_url

  precondition {
    condition     = module.webhooks.dead_letter_queue_url == "${local.queue_url_prefix}webhooks-dlq"
    error_message = "The dead letters of webhooks are not where policies and functions were told."
  }
}

output "undelivered_queue_url" {
  description = "The queue of announcements that could not be made."
  value       = module.announcements.undelivered_queue_url

  precondition {
    condition     = module.announcements.undelivered_queue_url == "${local.queue_url_prefix}announcements-undelivered"
    error_message = "The announcements that were not made are elsewhere than the functions were told."
  }
}
