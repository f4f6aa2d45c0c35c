# The access logs of CloudFront. CloudFront belongs to no region, and its logs are set up in us-east-1: the caller passes
# a provider of that region. (The older kind of log needs a bucket with access control lists, and ours has none.)

resource "aws_cloudwatch_log_delivery_source" "this" {
  for_each = var.distribution_arns

  name         = "${var.name_prefix}-${each.key}"
  log_type     = "ACCESS_LOGS"
  resource_arn = each.value
}

resource "aws_cloudwatch_log_delivery_destination" "bucket" {
  name          = "${var.name_prefix}-logs"
  output_format = "json"

  delivery_destination_configuration {
    destination_resource_arn = "${var.logs_bucket_arn}/cloudfront"
  }
}

resource "aws_cloudwatch_log_delivery" "this" {
  for_each = aws_cloudwatch_log_delivery_source.this

  delivery_source_name     = each.value.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.bucket.arn

  # No query string and no cookie: they hold the signature of a signed link.
  record_fields = [
    "date", "time", "x-edge-location", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "sc-bytes",
    "cs(User-Agent)", "x-edge-result-type", "x-edge-request-id", "cs-protocol", "time-taken", "ssl-protocol",
  ]
}
