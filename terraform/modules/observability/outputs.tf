output "runbook_sections" {
  description = "The sections that the runbook must have, one for each kind of alarm."
  value       = sort(distinct(values(local.sections)))
}
