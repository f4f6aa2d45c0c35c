# The network of the functions that touch pixels: subnets without any way out. There is no internet gateway and no NAT.
# S3 and DynamoDB are reached through gateway endpoints, which cost nothing; an interface endpoint, which costs by the
# hour and zone, stands only for services that a function's own code calls. (Lambda polls the queue and writes the logs
# itself, and S3 calls KMS itself: none of that crosses this network.)

data "aws_availability_zones" "this" {
  #checkov:skip=CKV_AWS_394:a new zone sorts behind the three that are used; naming zones here would tie the module to a region

  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  zones = slice(sort(data.aws_availability_zones.this.names), 0, var.zone_count)

  ours_only = { StringEquals = { "aws:PrincipalAccount" = var.account_id } }

  endpoint_policies = {
    s3 = [
      {
        Sid       = "ReadOriginals"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObjectVersion"
        Resource  = "${var.originals_bucket_arn}/*"
        Condition = local.ours_only
      },
      {
        Sid       = "HideOrRemoveUploads"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        Resource  = "${var.originals_bucket_arn}/uploads/*"
        Condition = local.ours_only
      },
      {
        Sid       = "TellGoneFromForbidden"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:ListBucket"
        Resource  = [var.images_bucket_arn, var.originals_bucket_arn]
        Condition = local.ours_only
      },
      {
        Sid       = "TellGoneVersionsFromForbidden"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:ListBucketVersions"
        Resource  = var.originals_bucket_arn
        Condition = local.ours_only
      },
      {
        Sid       = "ReadAndWriteImages"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "${var.images_bucket_arn}/*"
        Condition = local.ours_only
      },
    ]
    dynamodb = [{
      Sid       = "RecordsOfOurTable"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      Resource  = var.table_arn
      Condition = local.ours_only
    }]
    states = [{
      Sid       = "ExecutionsOfOurMachine"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["states:ListExecutions", "states:StartExecution"]
      Resource  = var.state_machine_arn
      Condition = local.ours_only
    }]
  }
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr_block

  # The interface endpoint answers under the service's public name.
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name_prefix }
}

# The flow logs, kept beside the other logs, where they cost least.
resource "aws_flow_log" "this" {
  count = var.flow_logs ? 1 : 0

  vpc_id                   = aws_vpc.this.id
  traffic_type             = "ALL"
  max_aggregation_interval = 600
  log_destination_type     = "s3"
  log_destination          = "${var.flow_logs_bucket_arn}/vpc"

  tags = { Name = var.name_prefix }
}

# The default group lets its members talk to each other and out, so it has no rules here and no members.
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "isolated" {
  for_each = { for index, zone in local.zones : zone => index }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr_block, 4, each.value)

  tags = { Name = "${var.name_prefix}-isolated-${each.key}" }
}

# Only the local route and those of the gateway endpoints.
resource "aws_route_table" "isolated" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name_prefix}-isolated" }
}

resource "aws_route_table_association" "isolated" {
  for_each = aws_subnet.isolated

  subnet_id      = each.value.id
  route_table_id = aws_route_table.isolated.id
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(["dynamodb", "s3"])

  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.isolated.id]
  policy            = jsonencode({ Version = "2012-10-17", Statement = local.endpoint_policies[each.key] })

  tags = { Name = "${var.name_prefix}-${each.key}" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for zone in slice(local.zones, 0, var.interface_endpoint_zone_count) : aws_subnet.isolated[zone].id]
  security_group_ids  = [aws_security_group.endpoints.id]
  policy              = jsonencode({ Version = "2012-10-17", Statement = local.endpoint_policies[each.key] })

  tags = { Name = "${var.name_prefix}-${each.key}" }
}

resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5:the functions module attaches it, through the output placement

  name        = "${var.name_prefix}-functions"
  description = "Functions: out to S3, DynamoDB and the interface endpoints, nothing in"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name_prefix}-functions" }
}

resource "aws_vpc_security_group_egress_rule" "functions_to_gateway" {
  for_each = aws_vpc_endpoint.gateway

  security_group_id = aws_security_group.functions.id
  description       = "HTTPS to ${each.key}"
  prefix_list_id    = each.value.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "functions_to_endpoints" {
  security_group_id            = aws_security_group.functions.id
  description                  = "HTTPS to the interface endpoints"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name_prefix}-endpoints"
  description = "Interface endpoints: in from the functions, nothing out"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name_prefix}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_functions" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from the functions"
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
