output "bucket_names" {
  description = "The bucket names by role: originals, images, and where there are such, web and logs."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.bucket }
}

output "bucket_arns" {
  description = "The bucket ARNs by role: originals, images, and where there are such, web and logs."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.arn }
}

output "log_destination_arns" {
  description = "The logs bucket, or none, once its policy lets logs in."
  value       = [for key, bucket in aws_s3_bucket.this : bucket.arn if key == "logs"]
  depends_on  = [aws_s3_bucket_policy.this]
}

output "log_destinations" {
  description = "The same by name."
  value       = [for key, bucket in aws_s3_bucket.this : bucket.bucket if key == "logs"]

  depends_on = [aws_s3_bucket_policy.this]
}
