# R46 and the table's shape.

mock_provider "aws" {}

variables {
  name_prefix = "darkroom-test"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
}

run "r46_records_survive_mistakes" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.images.deletion_protection_enabled
    error_message = "The table must refuse to be deleted unless an environment says otherwise."
  }

  assert {
    condition     = aws_dynamodb_table.images.point_in_time_recovery[0].enabled
    error_message = "The table must be restorable to any second."
  }
}

run "records_are_encrypted_with_our_key" {
  command = plan

  assert {
    condition = (
      aws_dynamodb_table.images.server_side_encryption[0].enabled &&
      aws_dynamodb_table.images.server_side_encryption[0].kms_key_arn == var.kms_key_arn
    )
    error_message = "The table must be encrypted with the customer managed key."
  }
}

run "the_table_is_the_one_the_code_knows" {
  command = plan

  assert {
    condition = (
      aws_dynamodb_table.images.name == "darkroom-test-images" &&
      aws_dynamodb_table.images.hash_key == "pk" &&
      aws_dynamodb_table.images.range_key == "sk" &&
      aws_dynamodb_table.images.billing_mode == "PAY_PER_REQUEST"
    )
    error_message = "The table's name, keys or billing differ from what the code and the price expect."
  }

  assert {
    condition = {
      for index in aws_dynamodb_table.images.global_secondary_index :
      index.name => [index.hash_key, index.range_key, index.projection_type]
      } == {
      album      = ["album_id", "image_id", "ALL"]
      image      = ["image_id", "pk", "KEYS_ONLY"]
      public     = ["public_shard", "ready_id", "INCLUDE"]
      ready      = ["pk", "ready_id", "INCLUDE"]
      rejected   = ["rejected", "rejected_id", "INCLUDE"]
      unfinished = ["unfinished", "image_id", "KEYS_ONLY"]
    }
    error_message = "The indexes differ from what the code asks."
  }

  assert {
    condition = (
      one(aws_dynamodb_table.images.ttl).enabled && one(aws_dynamodb_table.images.ttl).attribute_name == "expires_at"
    )
    error_message = "Unused tickets must expire."
  }
}

run "an_index_has_of_a_record_what_its_lists_show" {
  command = plan

  assert {
    condition = {
      for index in aws_dynamodb_table.images.global_secondary_index :
      index.name => sort(index.non_key_attributes) if index.projection_type == "INCLUDE"
      } == {
      public = tolist([
        "album_id", "caption", "created_at", "facts", "filename", "image_id", "owner_id", "source", "status", "updated_at",
        "variants", "visibility",
      ])
      ready    = tolist(["album_id", "facts"])
      rejected = tolist(["outcome"])
    }
    error_message = "The indexes must have of a record what the lists show, and no more."
  }
}
