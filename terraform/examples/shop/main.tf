# A shop that has a Terraform stack of its own, and wants the pictures of its products developed. Darkroom is one module
# in it. The shop copies pictures below `imports/` of the originals bucket, and a queue of the shop's own hears when each
# is ready. Users, API and web app are there too: a shop that lets its sellers upload needs nothing else.
#
# After an apply the functions have no code yet. `make zips` in a checkout of Darkroom builds one zip for each. Ship it
# with `aws lambda update-function-code --publish`, then move the alias with `aws lambda update-alias --name live`.

provider "aws" {
  region = var.region
}

module "darkroom" {
  # In a repository of your own, with the tag of a release. The double slash matters: the module reads files of ours
  # that are not in its folder.
  # source = "git::https://github.com/OWNER/darkroom.git//terraform/modules/stack?ref=v1.0.0"
  source = "../../modules/stack"

  environment  = "shop"
  region       = var.region
  web_delivery = false
  alarm_emails = [var.alarm_email]
}

# ---------------------------------------------------------------------------------------- pictures on their way in

# For the role of the shop's own program that copies pictures.
data "aws_iam_policy_document" "import" {
  statement {
    sid       = "CopyPictures"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${module.darkroom.originals_bucket}/imports/*"]
  }

  statement {
    sid       = "EncryptThem"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [module.darkroom.storage_key_arn]
  }
}

resource "aws_iam_policy" "import" {
  name        = "shop-imports-pictures"
  description = "Copies pictures of products into Darkroom"
  policy      = data.aws_iam_policy_document.import.json
}

# ------------------------------------------------------------------------------------------- and the news of them

resource "aws_cloudwatch_event_rule" "ready" {
  name           = "shop-picture-ready"
  description    = "Pictures of products that can be shown"
  event_bus_name = module.darkroom.event_bus_name
  event_pattern  = jsonencode({ source = ["darkroom"], "detail-type" = ["Image Ready"] })
}

resource "aws_cloudwatch_event_target" "queue" {
  event_bus_name = module.darkroom.event_bus_name
  rule           = aws_cloudwatch_event_rule.ready.name
  arn            = aws_sqs_queue.ready.arn
}

resource "aws_sqs_queue" "ready" {
  name                    = "shop-picture-ready"
  sqs_managed_sse_enabled = true
}

data "aws_iam_policy_document" "ready" {
  statement {
    sid       = "OurRuleSends"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.ready.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.ready.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "ready" {
  queue_url = aws_sqs_queue.ready.url
  policy    = data.aws_iam_policy_document.ready.json
}
