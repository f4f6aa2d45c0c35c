# The user pool: who a user is, what passwords and tokens must be, the group of the operators, and the one client, through
# which the function `auth` signs users in.

resource "aws_cognito_user_pool" "this" {
  name                     = "${var.name_prefix}-users"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  mfa_configuration        = "OFF" # sign-in answers no challenge: a user who turned it on would be locked out (ADR 28)
  user_pool_tier           = var.advanced_security == "OFF" ? "ESSENTIALS" : "PLUS"

  username_configuration {
    case_sensitive = false
  }

  password_policy {
    # Long rather than complicated, as api/openapi.yaml tells the user.
    minimum_length                   = var.password_minimum_length
    require_lowercase                = false
    require_uppercase                = false
    require_numbers                  = false
    require_symbols                  = false
    temporary_password_validity_days = 1
  }

  verification_message_template {
    default_email_option = "CONFIRM_WITH_CODE"
  }

  # A new address replaces the old one only when a code proves it.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_sign_up
  }

  dynamic "user_pool_add_ons" {
    for_each = var.advanced_security == "OFF" ? [] : [var.advanced_security]

    content {
      advanced_security_mode = user_pool_add_ons.value
    }
  }

  dynamic "email_configuration" {
    for_each = var.email_sender == null ? [] : [var.email_sender]

    content {
      email_sending_account = "DEVELOPER"
      source_arn            = email_configuration.value.ses_identity_arn
      from_email_address    = email_configuration.value.from
    }
  }
}

# The function `auth` alone uses this client. It reads the secret with its role, so the secret is in no setting. The
# secret is in Terraform's state, but a deployer could read it from Cognito anyway. Passwords are checked by a signed call
# only, so the secret alone opens no account (ADR 29).
resource "aws_cognito_user_pool_client" "this" {
  name         = "${var.name_prefix}-api"
  user_pool_id = aws_cognito_user_pool.this.id

  generate_secret               = true
  explicit_auth_flows           = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true

  # The attributes that a token shows, and that its user could write with an access token, which users do not get. An
  # empty list would mean every attribute.
  read_attributes  = ["email", "email_verified"]
  write_attributes = ["email"]

  id_token_validity      = var.token_minutes
  access_token_validity  = var.token_minutes
  refresh_token_validity = var.refresh_token_days

  token_validity_units {
    id_token      = "minutes"
    access_token  = "minutes"
    refresh_token = "days"
  }
}

# Who is in it is an operator (ADR 54). Its users are put into it by hand: docs/OPERATIONS.md.
resource "aws_cognito_user_group" "operators" {
  name         = var.operators_group
  description  = "Watch executions and queues, and start things again"
  user_pool_id = aws_cognito_user_pool.this.id
}
