# AWS's own record of who read and wrote which photo: every access to an object, in log files that are encrypted with
# their own key and chained by hashes, so that a missing or an altered one shows.

resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV_AWS_252:nothing reacts to new log files; the alarms watch the functions
  #checkov:skip=CKV2_AWS_10:a copy in CloudWatch costs ten times the trail; Athena reads the bucket

  name           = var.name
  s3_bucket_name = var.logs_bucket
  s3_key_prefix  = "cloudtrail"
  kms_key_id     = var.kms_key_arn

  enable_logging             = true
  enable_log_file_validation = true

  # The buckets are in one region; an intruder may act in any.
  is_multi_region_trail         = var.management_events
  include_global_service_events = var.management_events

  advanced_event_selector {
    name = "Objects of our buckets"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }

    field_selector {
      field       = "resources.ARN"
      starts_with = [for arn in var.bucket_arns : "${arn}/"]
    }
  }

  dynamic "advanced_event_selector" {
    for_each = var.management_events ? [true] : []

    content {
      name = "Changes of the account"

      field_selector {
        field  = "eventCategory"
        equals = ["Management"]
      }
    }
  }
}
