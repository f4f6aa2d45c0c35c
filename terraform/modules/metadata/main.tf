locals {
  # By the name of the index, the attribute that puts a record into it: the photos of an album, what everybody may see.
  indexes = { album = "album_id", public = "visibility" }
}

resource "aws_dynamodb_table" "images" {
  name                        = "${var.name_prefix}-images"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  attribute {
    name = "image_id"
    type = "S"
  }

  # Both indexes are sparse: only records that carry the attribute are in them, newest last.
  dynamic "global_secondary_index" {
    for_each = local.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value
      range_key       = "image_id"
      projection_type = "ALL"
    }
  }

  dynamic "attribute" {
    for_each = local.indexes

    content {
      name = attribute.value
      type = "S"
    }
  }

  # What becomes of a photo is announced from here.
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  # Only tickets that were never used carry this attribute: a record of an image does not expire.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.kms_key_arn
  }
}
