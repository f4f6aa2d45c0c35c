# The copies are as closed as the originals.

mock_provider "aws" {
  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-west-1:111122223333:key/replica"
    }
  }
}

variables {
  bucket          = "darkroom-test-replica-111122223333"
  account_id      = "111122223333"
  region          = "eu-west-1"
  noncurrent_days = 30
}

run "r42_copies_are_private_encrypted_and_versioned" {
  assert {
    condition = (
      aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy &&
      aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets &&
      aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced" &&
      aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && !coalesce(aws_s3_bucket.this.force_destroy, false)
    )
    error_message = "The copies are open, unversioned or easily destroyed."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.this.arn && rule.bucket_key_enabled
    ])
    error_message = "The copies are not encrypted with their own key."
  }

  assert {
    condition = jsonencode({
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id => [
        rule.abort_incomplete_multipart_upload[*].days_after_initiation, rule.noncurrent_version_expiration[*].noncurrent_days
      ]
    }) == jsonencode({ abort-incomplete-uploads = [[1], []], expire-noncurrent-versions = [[], [30]] })
    error_message = "What was deleted or never finished stays for ever."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[*].Sid == ["DenyWithoutTls"]
    error_message = "The bucket answers without TLS, or its policy grants something."
  }

  assert {
    condition = aws_kms_key.this.enable_key_rotation && [
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Condition.StringEquals if can(statement.Condition)
    ] == [{ "kms:CallerAccount" = "111122223333", "kms:ViaService" = "s3.eu-west-1.amazonaws.com" }]
    error_message = "The key must rotate, and be used through S3 of its region only."
  }
}

run "the_key_lets_replication_encrypt_and_verify_its_bucket_key" {
  assert {
    condition = [
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Action if can(statement.Condition)
    ] == [["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]]
    error_message = "Without Encrypt S3 makes no copy of an encrypted object, and without Decrypt none with a bucket key."
  }
}
