# The gateway's own errors look like all others: RFC 9457, with the words and codes of the OpenAPI file's examples.

locals {
  examples = {
    for name in ["Failure", "Invalid", "NotFound", "Throttled", "TooLarge", "Unauthorized"] :
    name => local.spec.components.responses[name].content["application/problem+json"].example
  }
  problems = {
    for name, example in local.examples :
    name => { type = "${var.docs_url}#${example.code}", title = example.title, status = example.status, code = example.code }
  }

  gateway_answers = {
    ACCESS_DENIED                  = { problem = "Unauthorized", status = 401 }
    AUTHORIZER_CONFIGURATION_ERROR = { problem = "Failure", status = 503 }
    AUTHORIZER_FAILURE             = { problem = "Failure", status = 503 }
    BAD_REQUEST_BODY               = { problem = "Invalid", status = 400 }
    BAD_REQUEST_PARAMETERS         = { problem = "Invalid", status = 400 }
    # A status here would become the status of each kind that is not listed.
    DEFAULT_4XX                  = { problem = "Invalid", status = null }
    DEFAULT_5XX                  = { problem = "Failure", status = 503 }
    EXPIRED_TOKEN                = { problem = "Unauthorized", status = 401 }
    INTEGRATION_FAILURE          = { problem = "Failure", status = 503 }
    INTEGRATION_TIMEOUT          = { problem = "Failure", status = 503 }
    INVALID_API_KEY              = { problem = "Unauthorized", status = 403 }
    INVALID_SIGNATURE            = { problem = "Unauthorized", status = 401 }
    MISSING_AUTHENTICATION_TOKEN = { problem = "NotFound", status = 404 } # what API Gateway calls an unknown route
    QUOTA_EXCEEDED               = { problem = "Throttled", status = 429 }
    REQUEST_TOO_LARGE            = { problem = "TooLarge", status = 413 }
    RESOURCE_NOT_FOUND           = { problem = "NotFound", status = 404 }
    THROTTLED                    = { problem = "Throttled", status = 429 }
    UNAUTHORIZED                 = { problem = "Unauthorized", status = 401 }
    UNSUPPORTED_MEDIA_TYPE       = { problem = "Invalid", status = 415 }
    WAF_FILTERED                 = { problem = "Invalid", status = 403, title = "The firewall refused the request" }
  }

  gateway_responses = {
    for type, answer in local.gateway_answers : type => {
      status = answer.status
      body = jsonencode({
        for key, value in merge(local.problems[answer.problem], answer, { request_id = "$context.requestId" }) :
        key => value if value != null && key != "problem"
      })
      headers = merge(
        {
          "gatewayresponse.header.Cache-Control" = "'no-store'"
          "gatewayresponse.header.Content-Type"  = "'application/problem+json'"
          "gatewayresponse.header.x-request-id"  = "context.requestId"
        },
        contains([429, 503], coalesce(answer.status, 400)) ? { "gatewayresponse.header.Retry-After" = "'5'" } : {},
        # A gateway response cannot choose from a list, as the functions do (ADR 39).
        length(var.cors_origins) > 0 ? {
          "gatewayresponse.header.Access-Control-Allow-Origin"   = "'*'"
          "gatewayresponse.header.Access-Control-Expose-Headers" = "'retry-after,x-request-id'"
        } : {},
      )
    }
  }
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = local.gateway_responses

  rest_api_id         = aws_api_gateway_rest_api.this.id
  response_type       = each.key
  status_code         = each.value.status == null ? null : tostring(each.value.status)
  response_templates  = { "application/json" = each.value.body }
  response_parameters = each.value.headers
}
