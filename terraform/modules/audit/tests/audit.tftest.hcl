# Every access to a photo is on record, and the record cannot be altered unseen.

mock_provider "aws" {}

variables {
  name        = "darkroom-test-audit"
  logs_bucket = "darkroom-test-logs-111122223333"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/audit"
  bucket_arns = ["arn:aws:s3:::darkroom-test-originals-111122223333", "arn:aws:s3:::darkroom-test-images-111122223333"]
}

run "the_log_is_encrypted_and_chained" {
  command = plan

  assert {
    condition     = aws_cloudtrail.this.kms_key_id == var.kms_key_arn
    error_message = "The log files must be encrypted with the customer managed key."
  }

  assert {
    condition     = aws_cloudtrail.this.enable_log_file_validation && aws_cloudtrail.this.enable_logging
    error_message = "A log that can be altered unseen, or is off, proves nothing."
  }

  assert {
    condition     = aws_cloudtrail.this.s3_bucket_name == var.logs_bucket && aws_cloudtrail.this.s3_key_prefix == "cloudtrail"
    error_message = "The bucket's policy lets the trail write below cloudtrail/ only."
  }
}

run "each_object_of_our_buckets_and_of_no_other" {
  command = plan

  assert {
    condition = [
      for selector in aws_cloudtrail.this.advanced_event_selector : {
        for field in selector.field_selector : field.field => sort(coalesce(field.equals, field.starts_with))
      }
      ] == [{
        eventCategory    = tolist(["Data"])
        "resources.type" = tolist(["AWS::S3::Object"])
        # With the slash at the end: a bucket whose name begins like ours is none of ours.
        "resources.ARN" = tolist(["arn:aws:s3:::darkroom-test-images-111122223333/", "arn:aws:s3:::darkroom-test-originals-111122223333/"])
    }]
    error_message = "Reads and writes of both buckets must be recorded, and nothing that is not ours."
  }
}

run "changes_of_the_account_when_asked" {
  command = plan

  variables {
    management_events = true
  }

  assert {
    condition = contains(flatten([
      for selector in aws_cloudtrail.this.advanced_event_selector : [
        for field in selector.field_selector : field.equals if field.field == "eventCategory"
      ]
    ]), "Management")
    error_message = "Management events were asked for."
  }

  assert {
    condition     = aws_cloudtrail.this.is_multi_region_trail && aws_cloudtrail.this.include_global_service_events
    error_message = "What is done to the account may be done from any region."
  }
}

run "every_bucket_of_the_account_is_refused" {
  command = plan

  variables {
    bucket_arns = ["arn:aws:s3:::*"]
  }

  expect_failures = [var.bucket_arns]
}
