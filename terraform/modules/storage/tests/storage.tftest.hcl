# R42: what a bucket refuses, keeps and forgets.

mock_provider "aws" {}

variables {
  originals_bucket = "darkroom-test-originals-111122223333"
  images_bucket    = "darkroom-test-images-111122223333"
  account_id       = "111122223333"
  region           = "eu-central-1"
  kms_key_arn      = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  events_queue_arn = "arn:aws:sqs:eu-central-1:111122223333:darkroom-test-uploads"
  cors_origins     = ["https://photos.example.com"]
}

run "r42_public_access_is_blocked_on_every_bucket" {
  command = plan

  assert {
    condition     = toset(keys(aws_s3_bucket_public_access_block.this)) == toset(keys(aws_s3_bucket.this))
    error_message = "A bucket has no public access block."
  }

  assert {
    condition = alltrue([
      for block in aws_s3_bucket_public_access_block.this :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "A bucket's public access block has a hole."
  }

  assert {
    condition = alltrue([
      for key in keys(aws_s3_bucket.this) :
      aws_s3_bucket_ownership_controls.this[key].rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "ACLs must be off on every bucket."
  }
}

run "r42_plain_http_is_refused" {
  command = plan

  assert {
    condition = alltrue([
      for key, bucket in aws_s3_bucket.this : contains(jsondecode(aws_s3_bucket_policy.this[key].policy).Statement, {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${bucket.bucket}", "arn:aws:s3:::${bucket.bucket}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      })
    ])
    error_message = "A bucket answers without TLS."
  }
}

run "r42_only_a_local_engine_may_turn_tls_off" {
  command = plan

  variables {
    require_tls = false
  }

  assert {
    condition = alltrue([
      for policy in aws_s3_bucket_policy.this :
      toset(jsondecode(policy.policy).Statement[*].Sid) == toset(["DenyOtherEncryption", "DenyOtherKeys", "DenyUnnamedKeys"])
    ])
    error_message = "Turning TLS off must turn off nothing else."
  }
}

run "r42_our_key_is_the_default_and_the_only_one" {
  command = plan

  assert {
    condition = alltrue([
      for key in keys(aws_s3_bucket.this) : alltrue([
        for rule in aws_s3_bucket_server_side_encryption_configuration.this[key].rule :
        rule.bucket_key_enabled &&
        rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" &&
        rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
      ])
    ])
    error_message = "A bucket does not encrypt with our key, with a bucket key, by default."
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_s3_bucket_policy.this : [
        for sid, condition in {
          DenyOtherEncryption = {
            Null            = { "s3:x-amz-server-side-encryption" = "false" }
            StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
          }
          DenyOtherKeys = {
            Null            = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
            StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = var.kms_key_arn }
          }
          DenyUnnamedKeys = {
            Null = {
              "s3:x-amz-server-side-encryption"                = "false"
              "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true"
            }
          }
          } : anytrue([
            for statement in jsondecode(policy.policy).Statement :
            statement.Sid == sid && statement.Effect == "Deny" && statement.Principal == "*" &&
            statement.Action == "s3:PutObject" && try(statement.Condition == condition, false)
        ])
      ]
    ]))
    error_message = "A bucket accepts another encryption or another key."
  }
}

run "r42_nobody_is_allowed_by_a_bucket_policy" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for policy in aws_s3_bucket_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Effect == "Deny"
      ]
    ]))
    error_message = "Access is granted by roles only."
  }
}

run "r42_versions_are_kept_and_then_expire" {
  command = plan

  assert {
    condition = alltrue([
      for key in keys(aws_s3_bucket.this) : aws_s3_bucket_versioning.this[key].versioning_configuration[0].status == "Enabled"
    ])
    error_message = "A bucket is not versioned."
  }

  assert {
    condition = alltrue([
      for key in keys(aws_s3_bucket.this) : anytrue([
        for rule in aws_s3_bucket_lifecycle_configuration.this[key].rule :
        rule.status == "Enabled" && try(rule.abort_incomplete_multipart_upload[0].days_after_initiation, 0) == 1
      ])
    ])
    error_message = "Broken multipart uploads stay, unseen and paid for."
  }

  assert {
    condition = alltrue([
      for key in keys(aws_s3_bucket.this) : anytrue([
        for rule in aws_s3_bucket_lifecycle_configuration.this[key].rule :
        rule.status == "Enabled" && try(rule.noncurrent_version_expiration[0].noncurrent_days, 0) == var.noncurrent_days
      ])
    ])
    error_message = "Old versions never expire."
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this["images"].rule :
      [rule.filter[0].prefix, rule.expiration[0].days] if contains(["expire-rerenders", "expire-work-files"], rule.id)
    ] == [["rerenders/", 61], ["work/", 1]]
    error_message = "Work files must live for one day, the pages of a re-render for as long as it may run, and nothing else ends."
  }

  assert {
    condition = alltrue(flatten([
      for configuration in aws_s3_bucket_lifecycle_configuration.this : [
        for rule in configuration.rule : length(rule.transition) == 0 && length(rule.noncurrent_version_transition) == 0
      ]
    ]))
    error_message = "Nothing that is served may ever move to an archive."
  }

  assert {
    condition = toset(flatten([
      for configuration in aws_s3_bucket_lifecycle_configuration.this : configuration.rule[*].id
    ])) == toset(["abort-incomplete-uploads", "expire-noncurrent-versions", "expire-rerenders", "expire-work-files"])
    error_message = "A new rule must be looked at: could it expire or archive what is served?"
  }
}

run "r42_browsers_come_from_named_origins" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for cors in aws_s3_bucket_cors_configuration.this : [
        for rule in cors.cors_rule : toset(rule.allowed_origins) == toset(var.cors_origins)
      ]
    ]))
    error_message = "CORS must name exactly the given origins."
  }
}

run "r42_no_origin_means_no_cors" {
  command = plan

  variables {
    cors_origins = []
  }

  assert {
    condition     = length(aws_s3_bucket_cors_configuration.this) == 0
    error_message = "Without an origin no browser may use the buckets."
  }
}

run "r42_every_origin_at_once_is_refused" {
  command = plan

  variables {
    cors_origins = ["*"]
  }

  expect_failures = [var.cors_origins]
}

run "r42_a_wildcard_inside_an_origin_is_refused" {
  command = plan

  variables {
    cors_origins = ["https://*.example.com"]
  }

  expect_failures = [var.cors_origins]
}

run "r46_images_survive_a_careless_destroy" {
  command = plan

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.this : bucket.force_destroy == false])
    error_message = "Destroying an environment must not silently destroy its images."
  }
}

run "every_new_original_reaches_the_queue" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_notification.originals.queue[0].queue_arn == var.events_queue_arn &&
      toset(aws_s3_bucket_notification.originals.queue[0].events) == toset(["s3:ObjectCreated:*"]) &&
      coalesce(aws_s3_bucket_notification.originals.queue[0].filter_prefix, "none") == "none"
    )
    error_message = "Every created original must make an event, also one under a strange key."
  }
}

run "r42_web_and_logs_buckets_are_as_closed_as_the_others" {
  command = plan

  variables {
    web_bucket      = "darkroom-test-web-111122223333"
    web_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/web"
    logs_bucket     = "darkroom-test-logs-111122223333"
  }

  assert {
    condition     = toset(keys(aws_s3_bucket.this)) == toset(["images", "logs", "originals", "web"])
    error_message = "There must be four buckets."
  }

  assert {
    condition = alltrue([
      for key in keys(aws_s3_bucket.this) :
      aws_s3_bucket_public_access_block.this[key].block_public_acls &&
      aws_s3_bucket_public_access_block.this[key].block_public_policy &&
      aws_s3_bucket_public_access_block.this[key].ignore_public_acls &&
      aws_s3_bucket_public_access_block.this[key].restrict_public_buckets &&
      aws_s3_bucket_ownership_controls.this[key].rule[0].object_ownership == "BucketOwnerEnforced" &&
      aws_s3_bucket_versioning.this[key].versioning_configuration[0].status == "Enabled" &&
      contains(jsondecode(aws_s3_bucket_policy.this[key].policy).Statement[*].Sid, "DenyWithoutTls")
    ])
    error_message = "A bucket is open, unversioned, or answers without TLS."
  }

  assert {
    condition = {
      for key in keys(aws_s3_bucket.this) : key => [
        for rule in aws_s3_bucket_server_side_encryption_configuration.this[key].rule : join(" ", compact([
          rule.apply_server_side_encryption_by_default[0].sse_algorithm,
          rule.apply_server_side_encryption_by_default[0].kms_master_key_id,
          rule.bucket_key_enabled ? "bucket-key" : "",
        ]))
      ]
      } == {
      images    = ["aws:kms ${var.kms_key_arn} bucket-key"]
      logs      = ["AES256"]
      originals = ["aws:kms ${var.kms_key_arn} bucket-key"]
      web       = ["aws:kms ${var.web_kms_key_arn} bucket-key"]
    }
    error_message = "Each bucket encrypts with its own kind of key; only the logs with S3's, which cannot take another."
  }

  assert {
    condition = (
      [for rule in aws_s3_bucket_lifecycle_configuration.this["logs"].rule : rule.expiration[0].days if rule.id == "expire-logs"] == [365] &&
      !contains(flatten([
        for key in ["images", "originals", "web"] : aws_s3_bucket_lifecycle_configuration.this[key].rule[*].id
      ]), "expire-logs")
    )
    error_message = "Logs expire after their time, and nothing else does."
  }

  assert {
    condition     = toset(keys(aws_s3_bucket_cors_configuration.this)) == toset(["images", "originals"])
    error_message = "No browser reads logs, and the web app comes through CloudFront."
  }
}

run "accesses_are_logged_where_only_s3_and_the_trail_may_write" {
  command = plan

  variables {
    logs_bucket = "darkroom-test-logs-111122223333"
    trail_arn   = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/darkroom-test-audit"
  }

  assert {
    condition     = { for key, logging in aws_s3_bucket_logging.this : key => logging.target_prefix } == { images = "s3/images/", originals = "s3/originals/" }
    error_message = "Accesses to a bucket leave no trace."
  }

  assert {
    condition = jsonencode([
      for statement in jsondecode(aws_s3_bucket_policy.this["logs"].policy).Statement : statement if statement.Effect == "Allow"
      ]) == jsonencode([
      {
        Sid       = "S3WritesAccessLogs"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource = [
          "arn:aws:s3:::darkroom-test-logs-111122223333/s3/images/*",
          "arn:aws:s3:::darkroom-test-logs-111122223333/s3/originals/*",
        ]
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnEquals = { "aws:SourceArn" = [
            "arn:aws:s3:::darkroom-test-images-111122223333", "arn:aws:s3:::darkroom-test-originals-111122223333",
          ] }
        }
      },
      {
        Sid       = "CloudTrailLooksAtTheBucket"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = "arn:aws:s3:::darkroom-test-logs-111122223333"
        Condition = { StringEquals = { "aws:SourceArn" = var.trail_arn } }
      },
      {
        Sid       = "CloudTrailWritesItsLog"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::darkroom-test-logs-111122223333/cloudtrail/AWSLogs/111122223333/*"
        Condition = { StringEquals = { "aws:SourceArn" = var.trail_arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ])
    error_message = "The logs bucket takes logs of other sources, or not those of ours."
  }
}

run "flows_and_requests_are_logged_for_our_network_and_distributions_only" {
  command = plan

  variables {
    logs_bucket          = "darkroom-test-logs-111122223333"
    flow_logs            = true
    edge_log_source_arns = ["arn:aws:logs:us-east-1:111122223333:delivery-source:darkroom-test-web"]
  }

  assert {
    condition = jsonencode([
      for statement in jsondecode(aws_s3_bucket_policy.this["logs"].policy).Statement : [
        statement.Action, statement.Resource, statement.Condition
      ] if try(statement.Principal.Service, "") == "delivery.logs.amazonaws.com"
      ]) == jsonencode([
      [
        "s3:GetBucketAcl", "arn:aws:s3:::darkroom-test-logs-111122223333",
        {
          ArnLike      = { "aws:SourceArn" = "arn:aws:logs:${var.region}:111122223333:*" }
          StringEquals = { "aws:SourceAccount" = "111122223333" }
        },
      ],
      [
        "s3:PutObject", "arn:aws:s3:::darkroom-test-logs-111122223333/vpc/AWSLogs/111122223333/*",
        {
          ArnLike      = { "aws:SourceArn" = "arn:aws:logs:${var.region}:111122223333:*" }
          StringEquals = { "aws:SourceAccount" = "111122223333", "s3:x-amz-acl" = "bucket-owner-full-control" }
        },
      ],
      [
        "s3:PutObject", "arn:aws:s3:::darkroom-test-logs-111122223333/cloudfront/AWSLogs/111122223333/*",
        {
          ArnLike      = { "aws:SourceArn" = ["arn:aws:logs:us-east-1:111122223333:delivery-source:darkroom-test-web"] }
          StringEquals = { "aws:SourceAccount" = "111122223333", "s3:x-amz-acl" = "bucket-owner-full-control" }
        },
      ],
    ])
    error_message = "The logs bucket takes flows or requests of other sources, or not those of ours."
  }
}

run "r42_cloudfront_reads_what_it_serves_and_no_more" {
  command = plan

  variables {
    web_bucket      = "darkroom-test-web-111122223333"
    web_kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/web"
    serve_variants  = true
  }

  assert {
    condition = {
      for key, policy in aws_s3_bucket_policy.this : key => [
        for statement in jsondecode(policy.policy).Statement :
        "${statement.Principal.Service} ${statement.Action} ${statement.Resource} ${statement.Condition.ArnLike["aws:SourceArn"]}"
        if statement.Effect == "Allow"
      ]
      } == {
      images    = ["cloudfront.amazonaws.com s3:GetObject arn:aws:s3:::darkroom-test-images-111122223333/variants/* arn:aws:cloudfront::111122223333:distribution/*"]
      originals = []
      web       = ["cloudfront.amazonaws.com s3:GetObject arn:aws:s3:::darkroom-test-web-111122223333/* arn:aws:cloudfront::111122223333:distribution/*"]
    }
    error_message = "CloudFront reads more than it serves, or for another account."
  }
}

run "a_trail_without_a_bucket_is_refused" {
  command = plan

  variables {
    trail_arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/darkroom-test-audit"
  }

  expect_failures = [var.logs_bucket]
}

run "nothing_leaves_the_region_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_replication_configuration.originals) == 0 && length(aws_iam_role.replication) == 0
    error_message = "Originals must stay in their region."
  }
}

run "copies_are_made_with_their_own_key_by_a_role_for_just_that" {
  command = plan

  variables {
    replica = {
      bucket_arn  = "arn:aws:s3:::darkroom-test-replica-111122223333"
      kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/replica"
      region      = "eu-west-1"
    }
  }

  assert {
    condition = (
      one(aws_s3_bucket_replication_configuration.originals[0].rule[0].destination).bucket == var.replica.bucket_arn &&
      one(one(aws_s3_bucket_replication_configuration.originals[0].rule[0].destination).encryption_configuration).replica_kms_key_id == var.replica.kms_key_arn &&
      aws_s3_bucket_replication_configuration.originals[0].rule[0].status == "Enabled"
    )
    error_message = "Copies must be encrypted with the key of their region."
  }

  assert {
    condition = jsonencode(flatten([
      for statement in jsondecode(aws_iam_role_policy.replication[0].policy).Statement : [
        for action in flatten([statement.Action]) : "${action} ${statement.Resource}"
      ]
      ])) == jsonencode([
      "s3:GetReplicationConfiguration arn:aws:s3:::darkroom-test-originals-111122223333",
      "s3:ListBucket arn:aws:s3:::darkroom-test-originals-111122223333",
      "s3:GetObjectVersionAcl arn:aws:s3:::darkroom-test-originals-111122223333/*",
      "s3:GetObjectVersionForReplication arn:aws:s3:::darkroom-test-originals-111122223333/*",
      "s3:GetObjectVersionTagging arn:aws:s3:::darkroom-test-originals-111122223333/*",
      "kms:Decrypt ${var.kms_key_arn}",
      "s3:ReplicateObject arn:aws:s3:::darkroom-test-replica-111122223333/*",
      "s3:ReplicateTags arn:aws:s3:::darkroom-test-replica-111122223333/*",
      "kms:Decrypt arn:aws:kms:eu-west-1:111122223333:key/replica",
      "kms:Encrypt arn:aws:kms:eu-west-1:111122223333:key/replica",
      "kms:GenerateDataKey arn:aws:kms:eu-west-1:111122223333:key/replica",
    ])
    error_message = "The role may do something else than copy, or cannot copy."
  }

  assert {
    condition = jsondecode(aws_iam_role.replication[0].assume_role_policy).Statement[0].Condition.StringEquals == {
      "aws:SourceAccount" = "111122223333"
      "aws:SourceArn"     = "arn:aws:s3:::darkroom-test-originals-111122223333"
    }
    error_message = "S3 must take the role for this bucket only."
  }
}

run "a_copy_beside_the_original_is_refused" {
  command = plan

  variables {
    replica = {
      bucket_arn  = "arn:aws:s3:::darkroom-test-replica-111122223333"
      kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/replica"
      region      = "eu-central-1"
    }
  }

  expect_failures = [var.replica]
}
