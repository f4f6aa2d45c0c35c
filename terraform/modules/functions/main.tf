# The functions without their code. `make deploy-lambdas` ships the code, as a new version behind the alias `live`, and
# Terraform never takes it back.

resource "aws_cloudwatch_log_group" "this" {
  for_each = var.functions

  name              = "/aws/lambda/${var.name_prefix}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_s3_object" "placeholder" {
  count = var.placeholder_bucket == null ? 0 : 1

  bucket = var.placeholder_bucket
  key    = "placeholder.zip"
  source = "${path.module}/placeholder/placeholder.zip"
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_115:reserved_concurrency, where it is wanted: a reservation takes from all the others
  #checkov:skip=CKV_AWS_116:each caller waits for the result: a failure comes back to the queue, the workflow or the client
  #checkov:skip=CKV_AWS_173:names of buckets and tables, no secret; Lambda encrypts them with its own key
  #checkov:skip=CKV_AWS_272:only a deployer may change code, and a deployer may change the signing too

  for_each = var.functions

  function_name = "${var.name_prefix}-${each.key}"
  description   = "Darkroom ${each.key}"
  role          = aws_iam_role.this[each.key].arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  memory_size   = each.value.memory_mb
  timeout       = each.value.timeout_s

  # -1 means no reservation: the function shares the account's concurrency.
  reserved_concurrent_executions = lookup(var.reserved_concurrency, each.key, -1)

  filename         = var.placeholder_bucket == null ? "${path.module}/placeholder/placeholder.zip" : null
  s3_bucket        = one(aws_s3_object.placeholder[*].bucket)
  s3_key           = one(aws_s3_object.placeholder[*].key)
  source_code_hash = filebase64sha256("${path.module}/placeholder/placeholder.zip")

  environment {
    variables = merge(
      { for name in each.value.environment : name => var.environment_values[name] },
      {
        ENVIRONMENT             = var.environment
        LOG_LEVEL               = var.log_level
        POWERTOOLS_SERVICE_NAME = "darkroom"
      },
    )
  }

  logging_config {
    log_group  = aws_cloudwatch_log_group.this[each.key].name
    log_format = "Text" # The functions write JSON themselves; Lambda's own format would wrap it once more.
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  dynamic "vpc_config" {
    for_each = each.value.vpc && var.vpc != null ? [var.vpc] : []

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  # Lambda checks the role before it attaches a function to a network, and detaches with the same role.
  depends_on = [aws_iam_role_policy.this]

  lifecycle {
    ignore_changes = [filename, s3_bucket, s3_key, source_code_hash]
  }
}

# Every caller invokes the alias. A deployment moves the alias; a running call keeps its version.
resource "aws_lambda_alias" "live" {
  for_each = aws_lambda_function.this

  name             = "live"
  description      = "What callers invoke; moved by a deployment"
  function_name    = each.value.function_name
  function_version = "$LATEST"

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}
