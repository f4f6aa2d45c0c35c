# R44: no way out but the listed endpoints, and through them only to what is ours.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    }
  }

  mock_resource "aws_vpc_endpoint" {
    defaults = {
      prefix_list_id = "pl-12345678"
    }
  }

  mock_resource "aws_security_group" {
    defaults = {
      id = "sg-12345678"
    }
  }
}

variables {
  name_prefix          = "darkroom-test"
  account_id           = "111122223333"
  region               = "eu-central-1"
  originals_bucket_arn = "arn:aws:s3:::originals"
  images_bucket_arn    = "arn:aws:s3:::images"
  table_arn            = "arn:aws:dynamodb:eu-central-1:111122223333:table/images"
  state_machine_arn    = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image"
}

run "r44_the_only_ways_out_are_three_endpoints" {
  command = plan

  assert {
    condition = (
      toset([for endpoint in aws_vpc_endpoint.gateway : endpoint.service_name]) ==
      toset(["com.amazonaws.eu-central-1.dynamodb", "com.amazonaws.eu-central-1.s3"])
    )
    error_message = "S3 and DynamoDB must have gateway endpoints: they cost nothing."
  }

  assert {
    condition = (
      toset([for endpoint in aws_vpc_endpoint.interface : endpoint.service_name]) ==
      toset(["com.amazonaws.eu-central-1.states"])
    )
    error_message = "Only the orchestrator's own call to Step Functions is worth an hourly price."
  }

  assert {
    condition     = length(aws_subnet.isolated) == 3 && alltrue([for subnet in aws_subnet.isolated : !coalesce(subnet.map_public_ip_on_launch, false)])
    error_message = "The functions need three isolated subnets."
  }
}

run "r44_endpoints_lead_to_our_things_only" {
  command = plan

  assert {
    condition = jsonencode({
      for name, policy in merge(
        { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.policy },
        { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.policy },
        ) : name => sort(flatten([
          for statement in jsondecode(policy).Statement : [
            for pair in setproduct(flatten([statement.Action]), flatten([statement.Resource])) :
            join(" ", concat([statement.Effect], pair, [statement.Condition.StringEquals["aws:PrincipalAccount"]]))
          ]
      ]))
      }) == jsonencode({
      dynamodb = [
        "Allow dynamodb:GetItem ${var.table_arn} 111122223333",
        "Allow dynamodb:UpdateItem ${var.table_arn} 111122223333",
      ]
      states = [
        "Allow states:ListExecutions ${var.state_machine_arn} 111122223333",
        "Allow states:StartExecution ${var.state_machine_arn} 111122223333",
      ]
      s3 = [
        "Allow s3:DeleteObject arn:aws:s3:::originals/uploads/* 111122223333",
        "Allow s3:DeleteObjectVersion arn:aws:s3:::originals/uploads/* 111122223333",
        "Allow s3:GetObject arn:aws:s3:::images/* 111122223333",
        "Allow s3:GetObjectVersion arn:aws:s3:::originals/* 111122223333",
        "Allow s3:ListBucket arn:aws:s3:::images 111122223333",
        "Allow s3:ListBucket arn:aws:s3:::originals 111122223333",
        "Allow s3:ListBucketVersions arn:aws:s3:::originals 111122223333",
        "Allow s3:PutObject arn:aws:s3:::images/* 111122223333",
      ]
    })
    error_message = "An endpoint leads to something that is not ours, or not to something that a function needs."
  }
}

run "r44_an_endpoint_that_names_an_alias_would_let_nothing_through" {
  command = plan

  variables {
    state_machine_arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image:live"
  }

  expect_failures = [var.state_machine_arn]
}

run "r44_functions_reach_prefix_lists_and_endpoints_on_443" {
  assert {
    condition = alltrue([
      for rule in concat(values(aws_vpc_security_group_egress_rule.functions_to_gateway), [
        aws_vpc_security_group_egress_rule.functions_to_endpoints, aws_vpc_security_group_ingress_rule.endpoints_from_functions,
      ]) :
      rule.ip_protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443 && rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "A rule names addresses, or another port than 443."
  }

  assert {
    condition = alltrue([
      for rule in aws_vpc_security_group_egress_rule.functions_to_gateway : startswith(rule.prefix_list_id, "pl-")
    ])
    error_message = "The way to a gateway endpoint must be its prefix list."
  }

  assert {
    condition     = length(aws_default_security_group.unused.ingress) == 0 && length(aws_default_security_group.unused.egress) == 0
    error_message = "The default security group must let nothing through."
  }
}

run "an_endpoint_without_a_policy_is_refused" {
  command = plan

  variables {
    interface_endpoints = ["kms"]
  }

  expect_failures = [var.interface_endpoints]
}

run "r44_who_talked_to_whom_is_on_record" {
  command = plan

  variables {
    flow_logs            = true
    flow_logs_bucket_arn = "arn:aws:s3:::logs"
  }

  assert {
    condition = [for log in aws_flow_log.this : [log.traffic_type, log.log_destination_type, log.log_destination]] == [
      ["ALL", "s3", "arn:aws:s3:::logs/vpc"]
    ]
    error_message = "Refused and accepted traffic must both be recorded, where the bucket's policy lets it in."
  }
}

run "flow_logs_are_a_choice" {
  command = plan

  assert {
    condition     = length(aws_flow_log.this) == 0
    error_message = "Flow logs exist without flow_logs = true."
  }
}

run "flow_logs_need_a_bucket" {
  command = plan

  variables {
    flow_logs = true
  }

  expect_failures = [var.flow_logs_bucket_arn]
}
