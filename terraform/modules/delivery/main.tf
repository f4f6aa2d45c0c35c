# The web app through CloudFront: the bucket stays private, the distribution alone reads it and signs each
# request to it (origin access control).

locals {
  web_origin = "${var.web_bucket}.s3.${var.region}.amazonaws.com"

  # AWS's own caching rules: a page and its files as long as their Cache-Control says.
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"

  content_security_policy = join("; ", [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src ${join(" ", concat(["'self'", "blob:", "data:"], var.image_hosts, local.variants_hosts))}",
    "connect-src ${join(" ", concat(["'self'"], var.connect_hosts))}",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ])
}

resource "aws_cloudfront_origin_access_control" "s3" {
  name                              = var.name_prefix
  description                       = "CloudFront signs what it asks of the buckets of ${var.name_prefix}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_response_headers_policy" "web" {
  #checkov:skip=CKV_AWS_259:all but preload, which the owner of a domain decides for the whole of it

  name    = "${var.name_prefix}-web"
  comment = "What a browser may do with the web app of ${var.name_prefix}"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      preload                    = false # its owner decides for the whole domain
      override                   = true
    }

    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }
  }

  custom_headers_config {
    items {
      header   = "Permissions-Policy"
      value    = "camera=(), geolocation=(), microphone=()"
      override = true
    }

    items {
      header   = "Cross-Origin-Opener-Policy"
      value    = "same-origin"
      override = true
    }
  }
}

resource "aws_cloudfront_distribution" "web" {
  #checkov:skip=CKV_AWS_68:files without a program behind them; the firewall stands before the API
  #checkov:skip=CKV2_AWS_47:as above
  #checkov:skip=CKV_AWS_86:the edge_logs module: the kind that the check knows needs a bucket with access control lists
  #checkov:skip=CKV_AWS_310:the bucket has no twin that serves; S3 spans three zones
  #checkov:skip=CKV_AWS_374:photos may be looked at from anywhere

  comment             = "${var.name_prefix} web"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  default_root_object = "index.html"
  aliases             = var.web_domain == null ? [] : [var.web_domain.name]

  # An apply need not wait for every edge of the world.
  wait_for_deployment = false

  origin {
    origin_id                = "web"
    domain_name              = local.web_origin
    origin_access_control_id = aws_cloudfront_origin_access_control.s3.id
  }

  default_cache_behavior {
    target_origin_id           = "web"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.web.id
    compress                   = true
  }

  # Routes of the app are not files. S3 says 403 for what is not there, to one who may not list.
  dynamic "custom_error_response" {
    for_each = [403, 404]

    content {
      error_code            = custom_error_response.value
      response_code         = 200
      response_page_path    = "/index.html"
      error_caching_min_ttl = 10
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.web_domain == null
    acm_certificate_arn            = try(var.web_domain.certificate_arn, null)
    minimum_protocol_version       = var.web_domain == null ? "TLSv1" : "TLSv1.2_2021"
    ssl_support_method             = var.web_domain == null ? null : "sni-only"
  }
}
