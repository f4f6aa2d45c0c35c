output "api_url" {
  description = "The address of Darkroom's API."
  value       = module.darkroom.api_url
}

output "imports" {
  description = "The folder that pictures are copied into."
  value       = "s3://${module.darkroom.originals_bucket}/imports/"
}

output "import_policy_arn" {
  description = "The policy for the role that copies them."
  value       = aws_iam_policy.import.arn
}

output "ready_queue_url" {
  description = "The queue that hears when a picture is ready."
  value       = aws_sqs_queue.ready.url
}
