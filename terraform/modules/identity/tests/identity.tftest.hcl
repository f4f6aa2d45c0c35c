# R35, and that the pool is behind our door (ADR 29).

mock_provider "aws" {
  mock_resource "aws_cognito_user_pool" {
    defaults = {
      id  = "eu-central-1_Users1234"
      arn = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Users1234"
    }
  }

  mock_resource "aws_wafv2_web_acl" {
    defaults = {
      arn = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/darkroom-test-users/1"
    }
  }
}

variables {
  name_prefix             = "darkroom-test"
  password_minimum_length = 12
  requests_per_second     = 85
  operators_group         = "operators"
}

run "r33_operators_are_a_group_of_the_pool_and_the_group_has_no_role" {
  assert {
    condition = (
      aws_cognito_user_group.operators.name == "operators" &&
      aws_cognito_user_group.operators.user_pool_id == aws_cognito_user_pool.this.id &&
      aws_cognito_user_group.operators.role_arn == null
    )
    error_message = "The functions look for this group, and a user of it must be nothing to AWS itself."
  }
}

run "a_group_whose_name_holds_a_separator_is_refused" {
  command = plan

  variables {
    operators_group = "users,operators"
  }

  expect_failures = [var.operators_group]
}

run "r35_answers_do_not_tell_who_has_an_account" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool_client.this.prevent_user_existence_errors == "ENABLED"
    error_message = "Sign-in must answer alike for known and unknown users."
  }
}

run "r35_only_who_has_the_secret_or_a_role_can_use_the_client" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool_client.this.generate_secret
    error_message = "The client's id is in every token: without a secret anybody can sign up and ask for codes, past the API."
  }

  assert {
    condition = toset(aws_cognito_user_pool_client.this.explicit_auth_flows) == toset([
      "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    ])
    error_message = "A password must be tried by a signed call only."
  }
}

run "users_write_no_attribute_but_an_address_that_a_code_proves" {
  command = plan

  assert {
    condition     = toset(aws_cognito_user_pool_client.this.write_attributes) == toset(["email"])
    error_message = "The client may write the address, which signing up needs, and nothing else."
  }

  assert {
    condition     = toset(aws_cognito_user_pool_client.this.read_attributes) == toset(["email", "email_verified"])
    error_message = "A token shows the address and nothing else of a user's attributes."
  }

  assert {
    condition = toset(one(aws_cognito_user_pool.this.user_attribute_update_settings).attributes_require_verification_before_update) == toset([
      "email",
    ])
    error_message = "Another address must be proved before it is the account's."
  }
}

run "nobody_can_lock_themselves_out_with_a_second_factor" {
  command = plan

  assert {
    condition = (
      aws_cognito_user_pool.this.mfa_configuration == "OFF" &&
      length(aws_cognito_user_pool.this.software_token_mfa_configuration) == 0
    )
    error_message = "Sign-in answers no challenge, so users must not be able to turn one on."
  }
}

run "threat_protection_that_answers_with_challenges_is_refused" {
  command = plan

  variables {
    advanced_security = "ENFORCED"
  }

  expect_failures = [var.advanced_security]
}

run "the_firewall_stands_before_the_pool" {
  variables {
    firewall = true
  }

  assert {
    condition     = aws_wafv2_web_acl_association.this[0].resource_arn == aws_cognito_user_pool.this.arn
    error_message = "A firewall beside the pool protects nothing."
  }

  assert {
    condition = anytrue([
      for rule in aws_wafv2_web_acl.this[0].rule : try(rule.action[0].block != null, false) && try(
        rule.statement[0].and_statement[0].statement[1].not_statement[0].statement[0].regex_match_statement[0].regex_string, "",
      ) == "^(ChangePassword|ConfirmForgotPassword|ConfirmSignUp|ForgotPassword|GetTokensFromRefreshToken|ResendConfirmationCode|RevokeToken|SignUp)$"
    ])
    error_message = "A public call that our function does not make must be blocked."
  }

  # All of ours may come from one address: it must be able to send what the gateway lets through, and not much more.
  assert {
    condition = anytrue([
      for rule in aws_wafv2_web_acl.this[0].rule :
      try(rule.action[0].block != null, false) && try(rule.statement[0].rate_based_statement[0].limit, 0) == 25500
    ])
    error_message = "One address must not use up what AWS grants the pool."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this[0].rule : !rule.visibility_config[0].sampled_requests_enabled])
    error_message = "The firewall keeps samples of requests."
  }
}

run "without_being_asked_there_is_no_firewall" {
  command = plan

  assert {
    condition     = length(aws_wafv2_web_acl.this) == 0 && length(aws_wafv2_web_acl_association.this) == 0
    error_message = "A firewall costs money: the caller must ask for it."
  }
}

run "tokens_end_and_can_be_revoked" {
  command = plan

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
    advanced_security = "AUDIT"
  }

  assert {
    condition = (
      aws_cognito_user_pool.this.user_pool_tier == "PLUS" &&
      aws_cognito_user_pool.this.user_pool_add_ons[0].advanced_security_mode == "AUDIT"
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
