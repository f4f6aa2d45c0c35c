# R33, R36, R42: the routes are those of the OpenAPI file, and each request passes the authorizer.

mock_provider "aws" {
  mock_resource "aws_wafv2_web_acl" {
    defaults = {
      arn = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/darkroom-test/1"
    }
  }

  mock_resource "aws_api_gateway_stage" {
    defaults = {
      arn = "arn:aws:apigateway:eu-central-1::/restapis/api/stages/test"
    }
  }

  mock_resource "aws_api_gateway_rest_api" {
    defaults = {
      execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:abc123"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/apigateway/darkroom-test"
    }
  }
}

variables {
  name_prefix   = "darkroom-test"
  environment   = "test"
  openapi_path  = "../../../api/openapi.yaml"
  user_pool_arn = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_abc"
  docs_url      = "https://docs.example.com/errors"
  cors_origins  = ["https://photos.example.com"]

  functions = {
    for name in ["albums", "auth", "images", "mend", "meta", "rerender", "sweep", "upload", "watch", "webhook"] : name => {
      name             = "darkroom-test-${name}"
      alias_invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:darkroom-test-${name}:live/invocations"
    }
  }
}

# This resource alone is applied, so that the plans know its ARN: to apply all of them, and to destroy them, takes ten
# times as long. tests/terraform/test_environments.py looks at an API that is applied.
run "the_api_has_the_name_of_the_file" {
  command = apply

  plan_options {
    target = [aws_api_gateway_rest_api.this]
  }

  assert {
    condition     = aws_api_gateway_rest_api.this.description == yamldecode(file(var.openapi_path)).info.title
    error_message = "The API in the console must be told from others."
  }
}

run "r33_every_route_asks_for_a_user_but_the_ones_that_make_one" {
  command = plan

  plan_options {
    target = [aws_api_gateway_method.this]
  }

  assert {
    condition = toset([
      for key, method in aws_api_gateway_method.this : key if method.authorization == "NONE" && method.http_method != "OPTIONS"
      ]) == toset([
      "GET /health",
      "GET /openapi.json",
      "GET /shared/{token}",
      "POST /auth/confirm-forgot-password",
      "POST /auth/forgot-password",
      "POST /auth/refresh",
      "POST /auth/resend-code",
      "POST /auth/signin",
      "POST /auth/signout",
      "POST /auth/signup",
      "POST /auth/verify",
    ])
    error_message = "A route is open that should not be, or closed that should not be."
  }

  assert {
    condition     = alltrue([for method in aws_api_gateway_method.this : contains(["COGNITO_USER_POOLS", "NONE"], method.authorization)])
    error_message = "A route uses another authorization than the OpenAPI file says."
  }

  # A browser sends no token with a preflight.
  assert {
    condition = alltrue([
      for method in aws_api_gateway_method.this : method.authorization == "NONE" if method.http_method == "OPTIONS"
    ])
    error_message = "A preflight must not ask for a token."
  }

  assert {
    condition = (
      aws_api_gateway_authorizer.user.type == "COGNITO_USER_POOLS" &&
      toset(aws_api_gateway_authorizer.user.provider_arns) == toset([var.user_pool_arn])
    )
    error_message = "Tokens of another user pool would be accepted."
  }
}

run "r36_refusals_of_the_gateway_are_problems_too" {
  command = plan

  plan_options {
    target = [aws_api_gateway_gateway_response.this]
  }

  assert {
    condition = alltrue([
      for response in aws_api_gateway_gateway_response.this :
      response.response_parameters["gatewayresponse.header.Content-Type"] == "'application/problem+json'" &&
      toset(keys(jsondecode(response.response_templates["application/json"]))) == toset(["code", "request_id", "status", "title", "type"]) &&
      tostring(jsondecode(response.response_templates["application/json"]).status) == response.status_code
      if response.response_type != "DEFAULT_4XX"
    ])
    error_message = "A refusal is not application/problem+json with code and request id."
  }

  assert {
    condition = alltrue([
      for type in ["DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED", "UNAUTHORIZED"] : contains(keys(aws_api_gateway_gateway_response.this), type)
    ])
    error_message = "A kind of refusal would come in the gateway's own words."
  }

  assert {
    condition = (
      aws_api_gateway_gateway_response.this["DEFAULT_4XX"].status_code == null &&
      !can(jsondecode(aws_api_gateway_gateway_response.this["DEFAULT_4XX"].response_templates["application/json"]).status)
    )
    error_message = "A status of DEFAULT_4XX becomes the status of every refusal that is not listed."
  }

  assert {
    condition = (
      aws_api_gateway_gateway_response.this["WAF_FILTERED"].status_code == "403" &&
      jsondecode(aws_api_gateway_gateway_response.this["WAF_FILTERED"].response_templates["application/json"]).title == "The firewall refused the request"
    )
    error_message = "What the firewall blocks is forbidden, and says so."
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_gateway_response.this["UNAUTHORIZED"].response_templates["application/json"]).type ==
      "https://docs.example.com/errors#Auth.Unauthorized"
    )
    error_message = "A problem must link to its explanation."
  }
}

run "a_page_of_each_origin_reads_why_the_gateway_refused" {
  command = plan

  plan_options {
    target = [aws_api_gateway_gateway_response.this]
  }

  variables {
    cors_origins = ["http://localhost:5173", "https://photos.example.com"]
  }

  assert {
    condition = alltrue([
      for response in aws_api_gateway_gateway_response.this :
      response.response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    ])
    error_message = "A page of the second origin would take an expired token for a network that is down."
  }

  # Answers that every page may read must not tell of a user.
  assert {
    condition = alltrue([
      for response in aws_api_gateway_gateway_response.this : length(setsubtract(
        keys(jsondecode(response.response_templates["application/json"])), ["type", "title", "status", "code", "request_id"]
      )) == 0
    ])
    error_message = "A refusal must say what happened, and nothing about who asked."
  }

  assert {
    condition = alltrue([
      for response in aws_api_gateway_gateway_response.this :
      !can(response.response_parameters["gatewayresponse.header.Access-Control-Allow-Credentials"])
    ])
    error_message = "Credentials do not go with every origin."
  }
}

run "without_an_origin_no_page_reads_anything" {
  command = plan

  plan_options {
    target = [aws_api_gateway_gateway_response.this]
  }

  variables {
    cors_origins = []
  }

  assert {
    condition = alltrue([
      for response in aws_api_gateway_gateway_response.this :
      !can(response.response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"])
    ])
    error_message = "An environment without a web app must not speak to browsers."
  }
}

run "r42_every_origin_at_once_is_refused" {
  command = plan

  variables {
    cors_origins = ["*"]
  }

  expect_failures = [var.cors_origins]
}

run "r35_logs_hold_no_secrets_and_one_client_cannot_spend_the_quota" {
  command = plan

  assert {
    condition = (
      aws_api_gateway_method_settings.all.settings[0].data_trace_enabled == false &&
      aws_api_gateway_method_settings.all.settings[0].throttling_rate_limit == 50 &&
      aws_api_gateway_method_settings.all.settings[0].throttling_burst_limit == 100 &&
      aws_api_gateway_method_settings.all.method_path == "*/*"
    )
    error_message = "Bodies would be logged, or a route is not throttled."
  }

  assert {
    condition = alltrue([
      for field in values(local.access_log_fields) :
      !can(regex("(?i)authorization|header|querystring|body|requestoverride|\\.path$|email", field))
    ])
    error_message = "The access log holds something secret or personal."
  }
}

run "an_unknown_function_is_refused" {
  command = plan

  plan_options {
    target = [aws_api_gateway_rest_api.this]
  }

  variables {
    functions = {
      auth = { name = "darkroom-test-auth", alias_invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/x" }
    }
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}

run "single_routes_take_less" {
  command = plan

  variables {
    route_throttles = { "POST /auth/signin" = { requests_per_second = 5, burst = 10 } }
  }

  assert {
    condition = {
      for key, route in aws_api_gateway_method_settings.route :
      route.method_path => [route.settings[0].throttling_rate_limit, route.settings[0].throttling_burst_limit, route.settings[0].data_trace_enabled]
    } == { "~1auth~1signin/POST" = [5, 10, false] }
    error_message = "A route's throttle must be called as API Gateway calls it, and log no bodies."
  }
}

run "a_throttle_of_an_unknown_route_is_refused" {
  command = plan

  variables {
    route_throttles = { "POST /nowhere" = { requests_per_second = 5, burst = 10 } }
  }

  expect_failures = [aws_api_gateway_method_settings.route]
}

run "with_a_name_of_its_own_the_api_has_one_door" {
  command = plan

  variables {
    custom_domain = {
      name            = "api.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/c"
    }
  }

  assert {
    condition = (
      aws_api_gateway_rest_api.this.disable_execute_api_endpoint && output.invoke_url == "https://api.example.com" &&
      aws_api_gateway_domain_name.this[0].security_policy == "TLS_1_2" &&
      aws_api_gateway_base_path_mapping.this[0].stage_name == aws_api_gateway_stage.this.stage_name
    )
    error_message = "The API must answer under its own name only, with TLS 1.2 at least."
  }
}

run "without_being_asked_neither_domain_nor_firewall" {
  command = plan

  plan_options {
    target = [aws_api_gateway_domain_name.this, aws_wafv2_web_acl.this]
  }

  assert {
    condition     = length(aws_api_gateway_domain_name.this) == 0 && length(aws_wafv2_web_acl.this) == 0
    error_message = "A domain name needs a certificate and a firewall costs money: the caller must ask for each."
  }
}

run "routes_follow_the_openapi_file" {
  command = plan

  assert {
    condition = toset(keys(aws_api_gateway_integration.this)) == toset(flatten([
      for path, item in yamldecode(file(var.openapi_path)).paths : [
        for verb in concat(keys(item), ["options"]) : "${upper(verb)} ${path}" if verb != "parameters"
      ]
    ]))
    error_message = "A route of the file or its preflight is missing, or there is one that the file does not know."
  }

  assert {
    condition = alltrue([
      for key, integration in aws_api_gateway_integration.this : contains([
        for operation in values(local.operations) : var.functions[operation.function].alias_invoke_arn if "OPTIONS ${operation.path}" == key
      ], integration.uri) if startswith(key, "OPTIONS ")
    ])
    error_message = "A preflight is answered by a function that has nothing to do with its path."
  }

  assert {
    condition = alltrue([
      for integration in aws_api_gateway_integration.this :
      integration.type == "AWS_PROXY" && integration.integration_http_method == "POST" &&
      endswith(integration.uri, ":live/invocations")
    ])
    error_message = "A route does not invoke the alias."
  }

  assert {
    condition = { for function, permission in aws_lambda_permission.this : function => [
      permission.principal, permission.function_name, permission.qualifier, permission.source_arn,
      ] } == { for function in distinct(values(local.routes)[*].function) : function => [
      "apigateway.amazonaws.com", "darkroom-test-${function}", "live",
      "arn:aws:execute-api:eu-central-1:111122223333:abc123/test/*",
    ] }
    error_message = "Another API, or another stage, could invoke a function."
  }
}

run "the_firewall_stands_before_the_stage_and_blocks_guesses" {
  command = plan

  plan_options {
    target = [aws_wafv2_web_acl.this]
  }

  variables {
    firewall = true
  }

  assert {
    condition = alltrue([
      for rule in aws_wafv2_web_acl.this[0].rule : alltrue([for action in rule.override_action : length(action.none) == 1 && length(action.count) == 0])
    ]) && length(aws_wafv2_web_acl.this[0].rule) == 5
    error_message = "A rule only counts."
  }

  assert {
    condition = anytrue([
      for rule in aws_wafv2_web_acl.this[0].rule :
      length(rule.action) == 1 && try(rule.action[0].block != null, false) &&
      try(rule.statement[0].rate_based_statement[0].limit <= 100, false) &&
      try(rule.statement[0].rate_based_statement[0].scope_down_statement[0].byte_match_statement[0].search_string, "") == "/auth/"
    ])
    error_message = "Guessing passwords from one address must be blocked."
  }

  assert {
    condition = alltrue([
      for rule in aws_wafv2_web_acl.this[0].rule :
      one(one(one(rule.action).block).custom_response).response_code == 429 if length(rule.action) == 1
    ])
    error_message = "A client that asks too often must read so, and when to come back."
  }

  # Of all managed rules one only counts: the one that would refuse fifty tickets in one call.
  assert {
    condition = flatten([
      for rule in aws_wafv2_web_acl.this[0].rule : [
        for group in rule.statement[0].managed_rule_group_statement : group.rule_action_override[*].name
      ]
    ]) == ["SizeRestrictions_BODY"]
    error_message = "A batch of tickets is larger than the 8 KB of the common rules; nothing else may be let through."
  }

  # Samples hold headers, and with them tokens.
  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this[0].rule : !rule.visibility_config[0].sampled_requests_enabled])
    error_message = "The firewall keeps samples of requests."
  }
}
