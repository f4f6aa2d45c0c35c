# Every request that CloudFront answers is on record, and no secret in it.

mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_delivery_destination" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:111122223333:delivery-destination:darkroom-test-logs"
    }
  }
}

variables {
  name_prefix       = "darkroom-test"
  logs_bucket_arn   = "arn:aws:s3:::logs"
  distribution_arns = { web = "arn:aws:cloudfront::111122223333:distribution/EWEB" }
}

run "requests_are_logged_beside_the_other_logs" {
  assert {
    condition = (
      { for key, source in aws_cloudwatch_log_delivery_source.this : key => [source.name, source.log_type, source.resource_arn] } ==
      { web = ["darkroom-test-web", "ACCESS_LOGS", "arn:aws:cloudfront::111122223333:distribution/EWEB"] }
    )
    error_message = "A distribution's requests are not logged."
  }

  assert {
    condition = (
      aws_cloudwatch_log_delivery_destination.bucket.delivery_destination_configuration[0].destination_resource_arn == "arn:aws:s3:::logs/cloudfront" &&
      [for delivery in aws_cloudwatch_log_delivery.this : delivery.delivery_source_name] == ["darkroom-test-web"]
    )
    error_message = "The bucket's policy lets the logs in below cloudfront/ only."
  }
}

run "r35_signatures_and_cookies_stay_out_of_the_log" {
  assert {
    condition = alltrue(flatten([
      for delivery in aws_cloudwatch_log_delivery.this : [
        for field in delivery.record_fields : !can(regex("query|[Cc]ookie|[Aa]uthorization|[Rr]eferer", field))
      ]
    ])) && alltrue([for delivery in aws_cloudwatch_log_delivery.this : length(delivery.record_fields) > 0])
    error_message = "A query string holds the signature of a link, and without a list of fields AWS logs them all."
  }
}
