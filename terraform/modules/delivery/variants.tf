# Variants through CloudFront, only for URLs that our key has signed. The distribution is separate from the app's: files
# of users are never served from the origin that the app's scripts run in.

locals {
  serve_variants = length(var.variants_public_keys) > 0
  variants_hosts = [for distribution in aws_cloudfront_distribution.variants : "https://${distribution.domain_name}"]
}

# Two keys make a rotation: add the new one, sign with it, remove the old one when its URLs have expired. CloudFront
# deletes no key that a group still names, so the group must change first: create_before_destroy says so, and a name that
# follows the key lets a key be replaced below the same name in the variable.
resource "aws_cloudfront_public_key" "variants" {
  for_each = var.variants_public_keys

  name        = "${var.name_prefix}-${each.key}-${substr(sha256(each.value), 0, 8)}"
  comment     = "Signs links to variants of ${var.name_prefix}"
  encoded_key = each.value

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudfront_key_group" "variants" {
  count = local.serve_variants ? 1 : 0

  name    = "${var.name_prefix}-variants"
  comment = "Keys that sign links to variants of ${var.name_prefix}"
  items   = [for key in aws_cloudfront_public_key.variants : key.id]
}

resource "aws_cloudfront_response_headers_policy" "variants" {
  #checkov:skip=CKV_AWS_259:all but preload, which the owner of a domain decides for the whole of it

  count = local.serve_variants ? 1 : 0

  name    = "${var.name_prefix}-variants"
  comment = "A picture is a picture and nothing else, ${var.name_prefix}"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      preload                    = false # its owner decides for the whole domain
      override                   = true
    }

    content_security_policy {
      content_security_policy = "default-src 'none'; sandbox"
      override                = true
    }

    content_type_options {
      override = true
    }
  }
}

resource "aws_cloudfront_distribution" "variants" {
  #checkov:skip=CKV_AWS_68:files without a program behind them; the firewall stands before the API
  #checkov:skip=CKV2_AWS_47:as above
  #checkov:skip=CKV_AWS_86:the edge_logs module: the kind that the check knows needs a bucket with access control lists
  #checkov:skip=CKV_AWS_310:the bucket has no twin that serves; S3 spans three zones
  #checkov:skip=CKV_AWS_374:photos may be looked at from anywhere
  #checkov:skip=CKV_AWS_174:CloudFront's own certificate knows no minimum
  #checkov:skip=CKV2_AWS_42:links are made for machines to follow; CloudFront's own name will do
  #checkov:skip=CKV_AWS_305:nothing is at the root: each object has its signed link

  count = local.serve_variants ? 1 : 0

  comment             = "${var.name_prefix} variants"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  wait_for_deployment = false

  origin {
    origin_id                = "images"
    domain_name              = "${var.images_bucket}.s3.${var.region}.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.s3.id
  }

  # Each format has a key of its own, and the API chooses among them: the cache need not know `Accept`.
  default_cache_behavior {
    target_origin_id           = "images"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.variants[0].id
    trusted_key_groups         = [aws_cloudfront_key_group.variants[0].id]
    compress                   = false # every format of a variant is compressed
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
