# The REST API, built from the OpenAPI file resource by resource. (Importing the whole file would be one call, but works on
# AWS only; this module also works on the local engine.)

locals {
  spec  = yamldecode(file(var.openapi_path))
  verbs = ["delete", "get", "head", "patch", "post", "put"]

  operations = merge([
    for path, item in local.spec.paths : {
      for verb, operation in item : "${upper(verb)} ${path}" => {
        path     = path
        method   = upper(verb)
        function = operation["x-lambda"]
        # An operation's own security replaces the file's; an empty list means open to all.
        authorized = anytrue([
          for requirement in try(operation.security, local.spec.security, []) : contains(keys(requirement), "user")
        ])
        path_parameters = flatten(regexall("\\{([^}]+)\\}", path))
      } if contains(local.verbs, verb)
    }
  ]...)

  # Preflights of browsers. Every function answers them alike, so the file does not list them for each path.
  preflights = {
    for path, operations in { for key, operation in local.operations : operation.path => operation... } :
    "OPTIONS ${path}" => merge(operations[0], { method = "OPTIONS", authorized = false })
  }
  routes = merge(local.operations, local.preflights)

  # Every prefix of every path is a resource below its parent: /image/{image_id} needs /image first.
  prefixes = toset(flatten([
    for path in keys(local.spec.paths) : [
      for depth in range(2, length(split("/", path)) + 1) : join("/", slice(split("/", path), 0, depth))
    ]
  ]))
  prefix_details = {
    for prefix in local.prefixes : prefix => {
      depth  = length(split("/", prefix)) - 1
      parent = join("/", slice(split("/", prefix), 0, length(split("/", prefix)) - 1))
      part   = reverse(split("/", prefix))[0]
    }
  }
  resource_ids = merge(
    { for prefix, resource in aws_api_gateway_resource.level1 : prefix => resource.id },
    { for prefix, resource in aws_api_gateway_resource.level2 : prefix => resource.id },
    { for prefix, resource in aws_api_gateway_resource.level3 : prefix => resource.id },
    { for prefix, resource in aws_api_gateway_resource.level4 : prefix => resource.id },
  )
  # An integration needs its method. If each named it in `aws_api_gateway_method.this`, Terraform would have an edge from
  # each integration to each method: ten thousand of them, and a third of its time.
  http_methods = { for key, method in aws_api_gateway_method.this : key => method.http_method }
}

resource "aws_api_gateway_rest_api" "this" {
  #checkov:skip=CKV_AWS_237:a second API would have another address; it is the deployment that is made before the old one goes

  name        = var.name_prefix
  description = local.spec.info.title

  # With a domain name of its own, the API does not answer at AWS's name: a firewall or a certificate binds one name only.
  disable_execute_api_endpoint = var.custom_domain == null ? null : true

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    precondition {
      condition     = alltrue([for details in values(local.prefix_details) : details.depth <= 4])
      error_message = "A path of the OpenAPI file is deeper than four levels; add a level to this module."
    }

    precondition {
      condition     = alltrue([for operation in values(local.operations) : contains(keys(var.functions), operation.function)])
      error_message = "An operation of the OpenAPI file names a function in x-lambda that does not exist."
    }
  }
}

# One block for each level: a resource's parent cannot be in the same block.
resource "aws_api_gateway_resource" "level1" {
  for_each = { for prefix, details in local.prefix_details : prefix => details if details.depth == 1 }

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = each.value.part
}

resource "aws_api_gateway_resource" "level2" {
  for_each = { for prefix, details in local.prefix_details : prefix => details if details.depth == 2 }

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level1[each.value.parent].id
  path_part   = each.value.part
}

resource "aws_api_gateway_resource" "level3" {
  for_each = { for prefix, details in local.prefix_details : prefix => details if details.depth == 3 }

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level2[each.value.parent].id
  path_part   = each.value.part
}

resource "aws_api_gateway_resource" "level4" {
  for_each = { for prefix, details in local.prefix_details : prefix => details if details.depth == 4 }

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level3[each.value.parent].id
  path_part   = each.value.part
}

resource "aws_api_gateway_authorizer" "user" {
  name            = "user"
  rest_api_id     = aws_api_gateway_rest_api.this.id
  type            = "COGNITO_USER_POOLS"
  provider_arns   = [var.user_pool_arn]
  identity_source = "method.request.header.Authorization"
}

resource "aws_api_gateway_method" "this" {
  #checkov:skip=CKV2_AWS_53:the functions check what they read and say which field is wrong; docs/SECURITY.md

  for_each = local.routes

  rest_api_id        = aws_api_gateway_rest_api.this.id
  resource_id        = local.resource_ids[each.value.path]
  http_method        = each.value.method
  authorization      = each.value.authorized ? "COGNITO_USER_POOLS" : "NONE"
  authorizer_id      = each.value.authorized ? aws_api_gateway_authorizer.user.id : null
  request_parameters = { for name in each.value.path_parameters : "method.request.path.${name}" => true }
}

resource "aws_api_gateway_integration" "this" {
  for_each = local.routes

  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = local.resource_ids[each.value.path]
  http_method             = local.http_methods[each.key]
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = var.functions[each.value.function].alias_invoke_arn
}

# One permission for each function, not for each route, which would be many more calls: only this stage's deployment,
# which is made here, says which route calls which function.
resource "aws_lambda_permission" "this" {
  for_each = toset([for route in values(local.routes) : route.function])

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  function_name = var.functions[each.key].name
  qualifier     = "live"
  source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/${var.environment}/*"
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  # A deployment is a snapshot: a change of any of its parts must make a new one.
  triggers = {
    definition = sha256(jsonencode([
      local.routes,
      { for key, integration in aws_api_gateway_integration.this : key => integration.uri },
      local.gateway_responses,
      aws_api_gateway_authorizer.user.provider_arns,
      var.custom_domain != null,
    ]))
  }

  depends_on = [
    aws_api_gateway_gateway_response.this,
    aws_api_gateway_integration.this,
    aws_api_gateway_method.this,
  ]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "this" {
  #checkov:skip=CKV_AWS_120:each answer is one user's own; ETags spare the bytes
  #checkov:skip=CKV2_AWS_4:the execution log repeats the access log, in a group that no key of ours encrypts
  #checkov:skip=CKV2_AWS_51:there is no server behind it that would check a certificate: Lambda is called with IAM
  #checkov:skip=CKV2_AWS_77:edge.tf has the rule in its list, which the check cannot read

  rest_api_id          = aws_api_gateway_rest_api.this.id
  deployment_id        = aws_api_gateway_deployment.this.id
  stage_name           = var.environment
  xray_tracing_enabled = var.tracing

  dynamic "access_log_settings" {
    for_each = aws_cloudwatch_log_group.access

    content {
      destination_arn = access_log_settings.value.arn
      format          = jsonencode(local.access_log_fields)
    }
  }
}

resource "aws_api_gateway_method_settings" "all" {
  #checkov:skip=CKV_AWS_225:each answer is one user's own

  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = var.throttle.requests_per_second
    throttling_burst_limit = var.throttle.burst
    metrics_enabled        = var.detailed_metrics
    # Never on: it writes bodies and headers, and with them passwords and tokens, into the log.
    data_trace_enabled = false
  }
}

resource "aws_api_gateway_method_settings" "route" {
  #checkov:skip=CKV_AWS_225:each answer is one user's own

  for_each = var.route_throttles

  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  # API Gateway writes "POST /auth/signin" as ~1auth~1signin/POST here.
  method_path = "${replace(split(" ", each.key)[1], "/", "~1")}/${split(" ", each.key)[0]}"

  settings {
    throttling_rate_limit  = each.value.requests_per_second
    throttling_burst_limit = each.value.burst
    metrics_enabled        = var.detailed_metrics
    data_trace_enabled     = false
  }

  lifecycle {
    precondition {
      condition     = contains(keys(local.operations), each.key)
      error_message = "${each.key} is not an operation of the OpenAPI file."
    }
  }

  # API Gateway refuses two changes of a stage at once.
  depends_on = [aws_api_gateway_method_settings.all]
}

# The log never has headers, tokens or query strings, and of the caller's address only the part that is needed.
locals {
  access_log_fields = {
    request_id     = "$context.requestId"
    method         = "$context.httpMethod"
    route          = "$context.resourcePath"
    status         = "$context.status"
    response_bytes = "$context.responseLength"
    duration_ms    = "$context.responseLatency"
    error          = "$context.error.responseType"
    user           = "$context.authorizer.claims.sub"
  }
}

resource "aws_cloudwatch_log_group" "access" {
  count = var.access_logs ? 1 : 0

  name              = "/aws/apigateway/${var.name_prefix}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_kms_key_arn
}
