# The policy of a deployer: a person or a pipeline that applies environments and ships code. Attach it to their role or
# permission set, whose name must not begin with darkroom-: the policy lets its holder write roles with such names.
resource "aws_iam_policy" "deployer" {
  name        = "darkroom-deployer-${var.region}"
  description = "Applies and destroys environments of Darkroom and ships their code"

  policy = templatefile("${path.module}/deployer.json", {
    account_id = local.account_id
    partition  = local.partition
  })
}
