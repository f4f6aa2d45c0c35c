# The web app through CloudFront: the bucket stays private, the distribution alone reads it and signs each
# request to it (origin access control).

locals {
  web_origin = "${var.web_bucket}.s3.${var.region}.amazonaws.com"

  # AWS's managed cache policy: a page and its files are kept as long as their Cache-Control says.
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"

  # The headers that restrict the app in a browser: one file for CloudFront, the laptop's server and the tests.
  settings = jsondecode(file("${path.module}/../../../settings/web-headers.json"))

  hosts = {
    api       = [var.api_host]
    originals = [var.originals_host]
    images    = concat([var.images_host], local.variants_hosts)
  }

  content_security_policy = join("; ", [
    for rule in local.settings.content_security_policy :
    join(" ", concat([rule.directive], rule.sources, flatten([for name in try(rule.hosts, []) : local.hosts[name]])))
  ])

  # CloudFront has fields of its own for these three; a custom header of their names is refused.
  own_fields     = ["Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"]
  custom_headers = { for name, value in local.settings.headers : name => value if !contains(local.own_fields, name) }
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
      access_control_max_age_sec = local.settings.strict_transport_security_s
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
      frame_option = local.settings.headers["X-Frame-Options"]
      override     = true
    }

    referrer_policy {
      referrer_policy = local.settings.headers["Referrer-Policy"]
      override        = true
    }
  }

  custom_headers_config {
    dynamic "items" {
      for_each = local.custom_headers

      content {
        header   = items.key
        value    = items.value
        override = true
      }
    }
  }
}

# A path without an ending is a route of the app, and the page answers for it. A path with one is a file: when it is
# missing, the answer says so, where an error page for everything would hand HTML to a browser that asked for a script.
resource "aws_cloudfront_function" "routes" {
  name    = "${var.name_prefix}-routes"
  comment = "Routes of the web app of ${var.name_prefix} are answered by its page"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/routes.js")
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

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.routes.arn
    }
  }

  # S3 answers 403 for a missing object if the caller may not list.
  custom_error_response {
    error_code            = 403
    response_code         = 404
    response_page_path    = "/not-found.html"
    error_caching_min_ttl = 10
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
