output "replica" {
  description = "The bucket that the storage module copies to."
  value = {
    bucket_arn  = local.bucket_arn
    kms_key_arn = aws_kms_key.this.arn
    region      = var.region
  }

  # S3 refuses to copy into a bucket without versions.
  depends_on = [aws_s3_bucket_policy.this, aws_s3_bucket_versioning.this]
}
