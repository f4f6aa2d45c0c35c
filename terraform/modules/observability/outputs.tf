output "topic_arn" {
  description = "Where alarms are told."
  value       = aws_sns_topic.alarms.arn
}

output "runbook_sections" {
  description = "The sections that the runbook must have, one for each kind of alarm."
  value       = sort(distinct(values(local.sections)))
}
