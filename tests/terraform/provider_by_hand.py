"""What the provider and AWS ask of a deployer where no recording says it.

BY_HAND: types of resources that the local engine cannot make, with the calls that the provider's source makes for them
(github.com/hashicorp/terraform-provider-aws, internal/service/…). BESIDES: permissions that AWS asks for behind a call,
with the page that says so. UPDATES: calls of changes that no recording meets. LATER: what a deployer does by hand or by
make, beside Terraform.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    actions: tuple[str, ...]
    resource: str = "*"
    keys: dict = field(default_factory=dict)


def asked(text, resource="*", **keys):
    """`"ec2:CreateVpc DeleteVpc"`: the first names the service of those behind it."""
    service, _, verbs = text.partition(":")
    return Asked(tuple(f"{service}:{verb}" for verb in verbs.split()), resource,
                 {name.replace("__", ":"): value for name, value in keys.items()})


ROLE = "arn:aws:iam::<account>:role/darkroom-<env>-one"
LOGS = "arn:aws:s3:::darkroom-<env>-logs-<account>"
STATE = "arn:aws:s3:::darkroom-terraform-state-<account>-<region>"
LINKED_ROLE = "arn:aws:iam::<account>:role/aws-service-role/{}.amazonaws.com/AWSServiceRoleForIt"
THROUGH_S3 = {"kms__ViaService": "s3.eu-central-1.amazonaws.com"}


def passed_to(service):
    return asked("iam:PassRole", ROLE, iam__PassedToService=f"{service}.amazonaws.com")


def linked(service):
    return asked("iam:CreateServiceLinkedRole", LINKED_ROLE.format(service),
                 iam__AWSServiceName=f"{service}.amazonaws.com")


BY_HAND = {
    # The engine knows no saved queries: internal/service/logs/query_definition.go.
    "aws_cloudwatch_query_definition": [asked("logs:DescribeQueryDefinitions"),
                                        asked("logs:DeleteQueryDefinition PutQueryDefinition")],
    # It has no domains of REST APIs: internal/service/apigateway/base_path_mapping.go.
    "aws_api_gateway_base_path_mapping": [asked("apigateway:DELETE GET PATCH POST")],
}

BESIDES = {
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html and, for the network,
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    "aws_lambda_function": [passed_to("lambda"), asked("ec2:DescribeSecurityGroups DescribeSubnets DescribeVpcs")],
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    "aws_sfn_state_machine": [
        passed_to("states"),
        asked("logs:CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies GetLogDelivery "
              "ListLogDeliveries PutResourcePolicy UpdateLogDelivery"),
    ],
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    "aws_s3_bucket_replication_configuration": [passed_to("s3")],
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
    "aws_api_gateway_domain_name": [linked("ops.apigateway")],
    # https://docs.aws.amazon.com/cognito/latest/developerguide/using-service-linked-roles.html
    "aws_cognito_user_pool": [linked("email.cognito-idp")],
    # https://docs.aws.amazon.com/cost-management/latest/userguide/billing-permissions-ref.html
    "aws_budgets_budget": [asked("budgets:ListTagsForResource TagResource UntagResource")],
    # https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    "aws_vpc_endpoint": [asked("route53:AssociateVPCWithHostedZone")],
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    "aws_vpc": [asked("ec2:CreateTags DeleteTags")],
    # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    "aws_flow_log": [asked("logs:CreateLogDelivery DeleteLogDelivery"),
                     asked("s3:GetBucketPolicy PutBucketPolicy", LOGS)],
    # The operation that makes one with tags is authorized as both:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    "aws_cloudfront_distribution": [asked("cloudfront:CreateDistribution TagResource")],
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    "aws_cloudwatch_log_delivery": [asked("cloudfront:AllowVendedLogDeliveryForResource"),
                                    asked("s3:GetBucketPolicy PutBucketPolicy", LOGS)],
    # https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
    "aws_wafv2_web_acl_association": [asked("apigateway:SetWebACL")],
}

# Calls for changes that the recording does not make, and for destroying what was in use.
UPDATES = [
    # Another trust of a role, or another longest session.
    asked("iam:UpdateAssumeRolePolicy UpdateRole UntagRole", ROLE),
    # Interfaces that Lambda left in the subnets: internal/service/ec2, deleteLingeringENIs.
    asked("ec2:DescribeNetworkInterfaces DetachNetworkInterface DeleteNetworkInterface"),
    # Another route table for a subnet, another rule of a group.
    asked("ec2:ReplaceRouteTableAssociation ModifySecurityGroupRules"),
    # Another description of the operators' group.
    asked("cognito-idp:UpdateGroup"),
    # An alias of a key that points elsewhere, a tag that is taken away.
    asked("lambda:UntagResource", "arn:aws:lambda:<region>:<account>:event-source-mapping:<id>"),
    asked("kms:UntagResource UpdateAlias", "arn:aws:kms:<region>:<account>:key/<id>"),
]

LATER = [
    # Terraform's state: https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
    asked("s3:ListBucket", STATE),
    asked("s3:GetObject PutObject DeleteObject", f"{STATE}/darkroom/dev/terraform.tfstate"),
    # `make doctor`, beside what Terraform asks: tests below hold this against the code.
    asked("s3:GetBucketVersioning", STATE),
    asked("ec2:DescribeAvailabilityZones DescribeVpcEndpoints"),
    asked("lambda:GetAccountSettings"),
    # `make deploy-lambdas`: tests/tools/test_shift.py holds its list against the code.
    asked("lambda:GetAlias GetFunction GetFunctionConfiguration PublishVersion UpdateAlias UpdateFunctionCode",
          "arn:aws:lambda:<region>:<account>:function:darkroom-<env>-resize"),
    asked("cloudwatch:DescribeAlarms GetMetricStatistics"),
    # `make smoke`.
    asked("states:DescribeExecution GetExecutionHistory",
          "arn:aws:states:<region>:<account>:execution:darkroom-<env>-process-image:one"),
    asked("lambda:InvokeFunction", "arn:aws:lambda:<region>:<account>:function:darkroom-<env>-validate"),
    asked("cloudtrail:GetTrailStatus", "arn:aws:cloudtrail:<region>:<account>:trail/darkroom-<env>-audit"),
    asked("s3:ListBucket", LOGS),
    asked("apigateway:GET"), asked("cognito-idp:DescribeUserPool"), asked("logs:FilterLogEvents"),
    asked("ec2:DescribeNetworkInterfaces"), asked("wafv2:GetWebACLForResource"), asked("xray:GetTraceSummaries"),
    asked("iam:GetRole", LINKED_ROLE.format("ops.apigateway")),
    # `make operator`.
    asked("cognito-idp:AdminAddUserToGroup AdminRemoveUserFromGroup ListUsers"),
    # Imports, the web app's files, and invalidating what CloudFront keeps of them.
    asked("s3:PutObject", "arn:aws:s3:::darkroom-<env>-originals-<account>/imports/holiday/1.jpg"),
    asked("s3:ListBucket", "arn:aws:s3:::darkroom-<env>-web-<account>"),
    asked("s3:DeleteObject GetObject PutObject", "arn:aws:s3:::darkroom-<env>-web-<account>/index.html"),
    asked("kms:Decrypt GenerateDataKey", "arn:aws:kms:<region>:<account>:key/storage", **THROUGH_S3),
    asked("cloudfront:CreateInvalidation"),
    # The runbook: start an execution again, send dead letters back, make a mapping anew.
    asked("states:StartExecution", "arn:aws:states:<region>:<account>:stateMachine:darkroom-<env>-process-image"),
    asked("sqs:StartMessageMoveTask", "arn:aws:sqs:<region>:<account>:darkroom-<env>-uploads-dlq"),
]
