output "bucket_names" {
  description = "The bucket names by role: originals and images."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.bucket }
}

output "bucket_arns" {
  description = "The bucket ARNs by role: originals and images."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.arn }
}
