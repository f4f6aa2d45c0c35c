# R35 and what a public client may do.

mock_provider "aws" {}

variables {
  name_prefix             = "darkroom-test"
  password_minimum_length = 12
}

run "r35_answers_do_not_tell_who_has_an_account" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool_client.this.prevent_user_existence_errors == "ENABLED"
    error_message = "Sign-in must answer alike for known and unknown users."
  }
}

run "the_client_is_public_and_narrow" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool_client.this.generate_secret == false
    error_message = "A public client must have no secret."
  }

  assert {
    condition = toset(aws_cognito_user_pool_client.this.explicit_auth_flows) == toset([
      "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH",
    ])
    error_message = "The client must offer password and refresh, and no other flow."
  }

  assert {
    condition     = aws_cognito_user_pool_client.this.enable_token_revocation
    error_message = "A refresh token must be revocable."
  }

  assert {
    condition = (
      aws_cognito_user_pool_client.this.id_token_validity == 60 &&
      aws_cognito_user_pool_client.this.token_validity_units[0].id_token == "minutes"
    )
    error_message = "An id token must live for an hour."
  }
}

run "people_sign_in_with_a_verified_address_and_a_long_password" {
  command = plan

  assert {
    condition = (
      toset(aws_cognito_user_pool.this.username_attributes) == toset(["email"]) &&
      toset(aws_cognito_user_pool.this.auto_verified_attributes) == toset(["email"]) &&
      aws_cognito_user_pool.this.username_configuration[0].case_sensitive == false
    )
    error_message = "People must be known by a verified address, whatever its case."
  }

  assert {
    condition     = aws_cognito_user_pool.this.password_policy[0].minimum_length >= 12
    error_message = "Passwords must have at least 12 characters."
  }
}

run "r46_accounts_survive_a_careless_destroy" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE"
    error_message = "The user pool must refuse to be deleted unless an environment says otherwise."
  }
}

run "threat_protection_brings_the_tier_that_has_it" {
  command = plan

  variables {
    advanced_security = "ENFORCED"
  }

  assert {
    condition = (
      aws_cognito_user_pool.this.user_pool_tier == "PLUS" &&
      aws_cognito_user_pool.this.user_pool_add_ons[0].advanced_security_mode == "ENFORCED"
    )
    error_message = "Threat protection needs the PLUS tier and must be switched on."
  }
}

run "a_short_password_is_refused" {
  command = plan

  variables {
    password_minimum_length = 7
  }

  expect_failures = [var.password_minimum_length]
}
