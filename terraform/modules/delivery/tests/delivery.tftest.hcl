# Private buckets behind signed requests, TLS for viewers, and headers that leave a browser no choice.

mock_provider "aws" {
  mock_resource "aws_cloudfront_function" {
    defaults = { arn = "arn:aws:cloudfront::111122223333:function/darkroom-test-routes" }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = {
      arn         = "arn:aws:cloudfront::111122223333:distribution/E1"
      domain_name = "d111111abcdef8.cloudfront.net"
    }
  }
}

variables {
  name_prefix   = "darkroom-test"
  region        = "eu-central-1"
  web_bucket    = "darkroom-test-web-111122223333"
  images_bucket = "darkroom-test-images-111122223333"

  api_host       = "https://api.example.com"
  originals_host = "https://darkroom-test-originals-111122223333.s3.eu-central-1.amazonaws.com"
  images_host    = "https://darkroom-test-images-111122223333.s3.eu-central-1.amazonaws.com"
}

run "the_bucket_is_asked_with_a_signature_always" {
  assert {
    condition = (
      aws_cloudfront_origin_access_control.s3.signing_behavior == "always" &&
      aws_cloudfront_origin_access_control.s3.signing_protocol == "sigv4" &&
      aws_cloudfront_origin_access_control.s3.origin_access_control_origin_type == "s3"
    )
    error_message = "An unsigned request would need a public bucket."
  }

  assert {
    condition = (
      one(aws_cloudfront_distribution.web.origin).domain_name == "darkroom-test-web-111122223333.s3.eu-central-1.amazonaws.com" &&
      one(aws_cloudfront_distribution.web.origin).origin_access_control_id == aws_cloudfront_origin_access_control.s3.id
    )
    error_message = "The web app must come from its bucket, through the access control."
  }
}

run "viewers_read_over_tls_and_do_nothing_else" {
  command = plan

  assert {
    condition = (
      aws_cloudfront_distribution.web.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" &&
      toset(aws_cloudfront_distribution.web.default_cache_behavior[0].allowed_methods) == toset(["GET", "HEAD"])
    )
    error_message = "A viewer may come without TLS, or do more than read."
  }
}

run "the_headers_are_strict" {
  command = plan

  assert {
    condition = split("; ", aws_cloudfront_response_headers_policy.web.security_headers_config[0].content_security_policy[0].content_security_policy) == tolist([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "manifest-src 'self'",
      "img-src 'self' blob: https://darkroom-test-images-111122223333.s3.eu-central-1.amazonaws.com",
      "connect-src 'self' https://api.example.com https://darkroom-test-originals-111122223333.s3.eu-central-1.amazonaws.com https://darkroom-test-images-111122223333.s3.eu-central-1.amazonaws.com",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types darkroom",
    ])
    error_message = "Scripts come from the app, requests go to the API and the buckets of photos, and nowhere else."
  }

  assert {
    condition = alltrue([
      for config in aws_cloudfront_response_headers_policy.web.security_headers_config :
      config.strict_transport_security[0].access_control_max_age_sec >= 31536000 &&
      config.frame_options[0].frame_option == "DENY" &&
      config.referrer_policy[0].referrer_policy == "no-referrer" &&
      config.content_type_options[0].override && config.content_security_policy[0].override
    ])
    error_message = "A security header is missing or weak."
  }

  assert {
    condition = {
      for item in aws_cloudfront_response_headers_policy.web.custom_headers_config[0].items : item.header => item.value if item.override
      } == {
      "Cross-Origin-Opener-Policy" = "same-origin"
      "Permissions-Policy"         = "camera=(), geolocation=(), microphone=()"
    }
    error_message = "A page of another origin could reach into the app, or the app could ask for camera and place."
  }
}

run "a_route_is_answered_by_the_page_and_a_missing_file_by_404" {
  assert {
    condition = (
      one(aws_cloudfront_distribution.web.default_cache_behavior[0].function_association).event_type == "viewer-request" &&
      one(aws_cloudfront_distribution.web.default_cache_behavior[0].function_association).function_arn == aws_cloudfront_function.routes.arn &&
      aws_cloudfront_function.routes.publish
    )
    error_message = "Without the function, a route of the app would be looked for as a file."
  }

  assert {
    condition = [
      for answer in aws_cloudfront_distribution.web.custom_error_response : "${answer.error_code} ${answer.response_code} ${answer.response_page_path}"
    ] == ["403 404 /not-found.html"]
    error_message = "A browser that asks for a script must not be handed a page."
  }
}

run "ones_own_domain_brings_its_certificate_and_modern_tls" {
  command = plan

  variables {
    web_domain = {
      name            = "photos.example.com"
      certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/c"
    }
  }

  assert {
    condition = (
      toset(aws_cloudfront_distribution.web.aliases) == toset(["photos.example.com"]) &&
      aws_cloudfront_distribution.web.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" &&
      aws_cloudfront_distribution.web.viewer_certificate[0].acm_certificate_arn == var.web_domain.certificate_arn &&
      output.web_url == "https://photos.example.com"
    )
    error_message = "One's own name must come with its certificate and TLS 1.2 at least."
  }
}

run "variants_stay_away_unless_chosen" {
  assert {
    condition     = length(aws_cloudfront_distribution.variants) == 0 && output.variants_distribution_arns == []
    error_message = "Without a key to sign links with, variants must not be on CloudFront."
  }
}

run "variants_need_a_signed_url" {
  variables {
    variants_public_keys = { "2026-11" = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n" }
  }

  assert {
    condition = (
      aws_cloudfront_distribution.variants[0].default_cache_behavior[0].trusted_key_groups == tolist([aws_cloudfront_key_group.variants[0].id]) &&
      aws_cloudfront_key_group.variants[0].items == toset([aws_cloudfront_public_key.variants["2026-11"].id]) &&
      aws_cloudfront_distribution.variants[0].default_cache_behavior[0].viewer_protocol_policy == "https-only"
    )
    error_message = "A variant could be read by its address, without a signature."
  }

  assert {
    condition = (
      one(aws_cloudfront_distribution.variants[0].origin).domain_name == "darkroom-test-images-111122223333.s3.eu-central-1.amazonaws.com" &&
      one(aws_cloudfront_distribution.variants[0].origin).origin_access_control_id == aws_cloudfront_origin_access_control.s3.id
    )
    error_message = "Variants must come from their bucket, through the access control."
  }

  assert {
    condition = (
      aws_cloudfront_distribution.variants[0].default_cache_behavior[0].cache_policy_id == local.caching_optimized &&
      aws_cloudfront_distribution.variants[0].default_cache_behavior[0].origin_request_policy_id == null &&
      length(aws_cloudfront_distribution.variants[0].default_cache_behavior[0].forwarded_values) == 0
    )
    error_message = "A variant is one file under one key: the API chooses its format, and no header of the client does it again."
  }

  assert {
    condition = strcontains(
      aws_cloudfront_response_headers_policy.web.security_headers_config[0].content_security_policy[0].content_security_policy,
      "https://d111111abcdef8.cloudfront.net",
    )
    error_message = "The web app must be allowed to show what CloudFront serves."
  }
}

run "a_private_key_is_refused" {
  command = plan

  variables {
    variants_public_keys = { oops = join(" ", ["-----BEGIN", "PRIVATE KEY-----"]) }
  }

  expect_failures = [var.variants_public_keys]
}

run "every_host_at_once_is_refused" {
  command = plan

  variables {
    originals_host = "https://*.amazonaws.com"
  }

  expect_failures = [var.originals_host]
}

run "a_certificate_of_another_region_is_refused" {
  command = plan

  variables {
    web_domain = {
      name            = "photos.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/c"
    }
  }

  expect_failures = [var.web_domain]
}
