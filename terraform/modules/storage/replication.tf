# A second copy of each original in another region, where one is wanted. Deletions are not copied: a photo
# that its owner deletes is gone here, and in the copy as soon as its old versions expire there.

resource "aws_iam_role" "replication" {
  count = var.replica == null ? 0 : 1

  name        = "${var.originals_bucket}-replication"
  description = "S3 copies originals into another region"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id, "aws:SourceArn" = local.bucket_arns["originals"] } }
    }]
  })
}

resource "aws_iam_role_policy" "replication" {
  count = var.replica == null ? 0 : 1

  name = "replication"
  role = aws_iam_role.replication[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadWhatToCopy"
        Effect   = "Allow"
        Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
        Resource = local.bucket_arns["originals"]
      },
      {
        Sid      = "ReadVersions"
        Effect   = "Allow"
        Action   = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
        Resource = "${local.bucket_arns["originals"]}/*"
      },
      {
        Sid       = "DecryptHere"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
      },
      {
        Sid      = "WriteCopies"
        Effect   = "Allow"
        Action   = ["s3:ReplicateObject", "s3:ReplicateTags"]
        Resource = "${var.replica.bucket_arn}/*"
      },
      {
        # S3 asks for Encrypt for a copy of an encrypted object, and for Decrypt to verify the copy's bucket key before it
        # uses it. Its pages do not say who makes that bucket key; every other write does so with GenerateDataKey.
        Sid       = "EncryptThere"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
        Resource  = var.replica.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.replica.region}.amazonaws.com" } }
      },
    ]
  })
}

resource "aws_s3_bucket_replication_configuration" "originals" {
  count = var.replica == null ? 0 : 1

  bucket = aws_s3_bucket.this["originals"].id
  role   = aws_iam_role.replication[0].arn

  rule {
    id     = "originals"
    status = "Enabled"

    filter {}

    delete_marker_replication {
      status = "Disabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket        = var.replica.bucket_arn
      storage_class = "STANDARD_IA"

      encryption_configuration {
        replica_kms_key_id = var.replica.kms_key_arn
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this, aws_iam_role_policy.replication]
}
