# The one table and its indexes: docs/ARCHITECTURE.md says what is in it. Its stream brings each change to `announce`.

locals {
  # The two keys of each index, and its other attributes of a record: null is all of them. An index has the records that
  # carry both of its keys: the photos of an album, an owner's photos that are ready, the public photos, the unfinished ones,
  # the rejected ones, and all with an image's id.
  indexes = {
    album = { hash = "album_id", range = "image_id", attributes = null }
    # The look and the album of an owner's photos, so that some thousand of them are read by one query.
    ready = { hash = "pk", range = "ready_id", attributes = ["album_id", "facts"] }
    # The attributes of a photo that a list shows (src/gallery/show.rs), to its owner too.
    public = {
      hash  = "public_shard"
      range = "ready_id"
      attributes = [
        "album_id", "caption", "created_at", "facts", "filename", "image_id", "owner_id", "source", "status", "updated_at",
        "variants", "visibility",
      ]
    }
    # The keys alone: whose photo this is. The key of a variant names its image and no owner (ADR 9).
    image = { hash = "image_id", range = "pk", attributes = [] }
    # The keys alone: the sweeper reads each record anew before it decides (ADR 8).
    unfinished = { hash = "unfinished", range = "image_id", attributes = [] }
    # Rejected photos by time, with their outcome, for operators.
    rejected = { hash = "rejected", range = "rejected_id", attributes = ["outcome"] }
  }
  keys = toset(concat(["pk", "sk"], flatten([for index in values(local.indexes) : [index.hash, index.range]])))
}

resource "aws_dynamodb_table" "images" {
  name                        = "${var.name_prefix}-images"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = local.keys

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = local.indexes

    content {
      name               = global_secondary_index.key
      hash_key           = global_secondary_index.value.hash
      range_key          = global_secondary_index.value.range
      projection_type    = try(length(global_secondary_index.value.attributes) == 0 ? "KEYS_ONLY" : "INCLUDE", "ALL")
      non_key_attributes = try(length(global_secondary_index.value.attributes), 0) == 0 ? null : global_secondary_index.value.attributes
    }
  }

  # Announcements are made from this stream.
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  # Only unused tickets carry this attribute: the record of an uploaded image does not expire.
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
