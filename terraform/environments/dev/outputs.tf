output "api_url" {
  description = "Where the API answers on AWS, without a slash at the end."
  value       = module.stack.api_url
}

output "region" {
  description = "The region of everything."
  value       = module.stack.region
}

output "user_pool_id" {
  description = "The user pool."
  value       = module.stack.user_pool_id
}

output "user_pool_client_id" {
  description = "The public client of the user pool."
  value       = module.stack.user_pool_client_id
}

output "originals_bucket" {
  description = "The bucket that users and imports write to."
  value       = module.stack.originals_bucket
}

output "images_bucket" {
  description = "The bucket with work files and variants."
  value       = module.stack.images_bucket
}

output "uploads_queue_url" {
  description = "The queue of S3 events."
  value       = module.stack.uploads_queue_url
}

output "uploads_dlq_url" {
  description = "The queue of S3 events that could not be handled."
  value       = module.stack.uploads_dlq_url
}

output "state_machine_arn" {
  description = "The state machine."
  value       = module.stack.state_machine_arn
}

output "images_table" {
  description = "The table of image records."
  value       = module.stack.images_table
}

output "functions" {
  description = "The function names by short name."
  value       = module.stack.functions
}

output "storage_key_arn" {
  description = "The key that every object is encrypted with."
  value       = module.stack.storage_key_arn
}

output "web_bucket" {
  description = "The bucket that the web app is shipped to."
  value       = module.stack.web_bucket
}

output "web_url" {
  description = "Where the web app is."
  value       = module.stack.web_url
}

output "web_distribution" {
  description = "The web app's distribution: its id for invalidations, its name for the DNS record of one's own."
  value       = module.stack.web_distribution
}

output "api_domain_target" {
  description = "Where the DNS record of the API's own name must point to, or null."
  value       = module.stack.api_domain_target
}

output "event_bus_name" {
  description = "The event bus that tells what became of photos."
  value       = module.stack.event_bus_name
}

output "webhooks_queue_url" {
  description = "The queue of events for webhooks."
  value       = module.stack.webhooks_queue_url
}

output "webhooks_dlq_url" {
  description = "The queue of events for webhooks that could not be handled."
  value       = module.stack.webhooks_dlq_url
}

output "undelivered_queue_url" {
  description = "The queue of announcements that could not be made."
  value       = module.stack.undelivered_queue_url
}
