output "placement" {
  description = "The network of the functions: the isolated subnets, one a zone, and the security group."
  value = {
    subnet_ids         = [for subnet in aws_subnet.isolated : subnet.id]
    security_group_ids = [aws_security_group.functions.id]
  }

  # A function that starts before the routes and rules exist reaches no service.
  depends_on = [
    aws_route_table_association.isolated,
    aws_vpc_endpoint.gateway,
    aws_vpc_endpoint.interface,
    aws_vpc_security_group_egress_rule.functions_to_endpoints,
    aws_vpc_security_group_egress_rule.functions_to_gateway,
    aws_vpc_security_group_ingress_rule.endpoints_from_functions,
  ]
}
