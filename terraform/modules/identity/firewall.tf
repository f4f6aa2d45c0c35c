# An optional firewall before the user pool: Cognito answers everyone on the internet at an address of its own, past the
# API. Cognito shows the firewall the public calls only, those without a signature of AWS; each names its operation in
# the header x-amzn-cognito-operation-name.
# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-waf.html

locals {
  # The public calls that the function `auth` makes.
  operations = [
    "ChangePassword", "ConfirmForgotPassword", "ConfirmSignUp", "ForgotPassword", "GetTokensFromRefreshToken",
    "ResendConfirmationCode", "RevokeToken", "SignUp",
  ]
}

resource "aws_wafv2_web_acl" "this" {
  #checkov:skip=CKV_AWS_192:nothing behind it reads Java's logs: Cognito is AWS's own
  #checkov:skip=CKV2_AWS_31:its log holds headers; the metrics count by rule what was blocked

  count = var.firewall ? 1 : 0

  name        = "${var.name_prefix}-users"
  description = "In front of the user pool of ${var.name_prefix}"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  # Refuses above all the calls that an access token opens: DeleteUser, UpdateUserAttributes, a second factor. A request
  # without the header passes, so that users can sign in should Cognito ever omit it; it still needs the client's secret.
  rule {
    name     = "calls-of-others"
    priority = 0

    action {
      block {}
    }

    statement {
      and_statement {
        statement {
          size_constraint_statement {
            comparison_operator = "GT"
            size                = 0

            field_to_match {
              single_header {
                name = "x-amzn-cognito-operation-name"
              }
            }

            text_transformation {
              priority = 0
              type     = "NONE"
            }
          }
        }

        statement {
          not_statement {
            statement {
              regex_match_statement {
                regex_string = "^(${join("|", local.operations)})$"

                field_to_match {
                  single_header {
                    name = "x-amzn-cognito-operation-name"
                  }
                }

                text_transformation {
                  priority = 0
                  type     = "NONE"
                }
              }
            }
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.name_prefix}-users-calls-of-others"
      sampled_requests_enabled   = false
    }
  }

  # A flood would use up the requests that AWS grants a pool, and keep all users out. Calls through the API come from the
  # addresses of Lambda, perhaps all from one, so one address may send as much as the gateway lets through.
  rule {
    name     = "requests-per-address"
    priority = 1

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit                 = var.requests_per_second * 300
        evaluation_window_sec = 300
        aggregate_key_type    = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.name_prefix}-users-requests-per-address"
      sampled_requests_enabled   = false
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "${var.name_prefix}-users-firewall"
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.firewall ? 1 : 0

  resource_arn = aws_cognito_user_pool.this.arn
  web_acl_arn  = aws_wafv2_web_acl.this[0].arn
}
