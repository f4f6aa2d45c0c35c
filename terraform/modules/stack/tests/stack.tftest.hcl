# The wiring: an environment with nothing but a name is complete and strict.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_availability_zones" {
    defaults = {
      names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition  = "aws"
      dns_suffix = "amazonaws.com"
    }
  }
}

variables {
  environment = "dev"
  region      = "eu-central-1"
}

run "dev" {
  command = plan

  assert {
    condition = alltrue([
      var.require_tls, var.private_network, var.observability, var.lifecycle_rules, var.point_in_time_recovery, var.encrypt_logs, var.workflow_logging,
      var.publish_workflow, var.tracing, var.audit, var.web_delivery, var.api_access_logs, var.deletion_protection, !var.force_destroy,
      !var.log_execution_data,
    ])
    error_message = "The default must be the strict setting."
  }

  assert {
    condition     = !output.reads_heic
    error_message = "HEIC must wait for the owner's decision (docs/adr/0017-heic.md)."
  }

  assert {
    condition     = toset(keys(output.functions)) == toset(keys(local.settings.functions))
    error_message = "Every function of settings/functions.json must be there."
  }

  assert {
    condition     = local.start_arn == "arn:aws:states:eu-central-1:111122223333:stateMachine:darkroom-dev-process-image:live"
    error_message = "The orchestrator must start the published version."
  }

  assert {
    condition = toset([for operation in keys(var.api_route_throttles) : operation if !startswith(operation, "GET ")]) == toset(concat(["DELETE /me"], [
      for path in keys(yamldecode(file("../../../api/openapi.yaml")).paths) : "POST ${path}" if startswith(path, "/auth/") || contains(["/me/webhook/test", "/ops/imports", "/ops/rerenders", "/ops/sweep"], path)
    ]))
    error_message = "Every operation on accounts, the one that calls strangers, and what operators start, need a throttle of their own."
  }

  assert {
    condition = local.cognito_requests_per_second == sum([
      for operation, throttle in var.api_route_throttles : throttle.requests_per_second if startswith(operation, "POST /auth/")
    ])
    error_message = "All of ours may come from one address: its limit must be no lower than the routes' throttles together."
  }

  assert {
    condition = (
      local.webhooks_queue_url == "https://sqs.eu-central-1.amazonaws.com/111122223333/darkroom-dev-webhooks" &&
      local.erasures_queue_url == "https://sqs.eu-central-1.amazonaws.com/111122223333/darkroom-dev-erasures" &&
      local.console_url == "https://eu-central-1.console.aws.amazon.com"
    )
    error_message = "The functions would ask for the queue elsewhere than at AWS."
  }
}

run "r45_prod_beside_dev_in_one_account" {
  command = plan

  variables {
    environment = "prod"
    web_domain = {
      name            = "photos.example.com"
      certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/c"
    }
  }

  assert {
    condition = length(setintersection(
      concat(values(run.dev.functions), [run.dev.originals_bucket, run.dev.images_bucket, run.dev.images_table, run.dev.web_bucket]),
      concat(values(output.functions), [output.originals_bucket, output.images_bucket, output.images_table, output.web_bucket]),
    )) == 0
    error_message = "Two environments in one account would fight for a name."
  }

  assert {
    condition = alltrue([
      for name in concat(values(output.functions), [output.originals_bucket, output.images_bucket, output.images_table, output.web_bucket]) :
      startswith(name, "darkroom-prod-")
    ])
    error_message = "A name does not start with its environment's prefix."
  }

  # It has a domain of its own.
  assert {
    condition     = local.cors_origins == tolist(["https://photos.example.com"])
    error_message = "The web app's own origin must be allowed."
  }
}

run "a_name_that_aws_would_refuse_somewhere_is_refused_here" {
  command = plan

  variables {
    environment = "Dev_1"
  }

  expect_failures = [var.environment]
}

run "switched_off_there_is_neither_web_nor_trail" {
  command = plan

  variables {
    audit        = false
    web_delivery = false
  }

  assert {
    condition     = output.web_bucket == null && output.web_url == null && length(module.audit) == 0 && length(module.delivery) == 0
    error_message = "What is switched off must not be there."
  }
}

run "r33_an_environments_own_buckets_are_not_imported" {
  command = plan

  variables {
    import_buckets = ["arn:aws:s3:::holiday", "arn:aws:s3:::darkroom-dev-originals-111122223333"]
  }

  expect_failures = [output.imports_machine_arn]
}

run "r55_an_import_has_half_of_the_executions_and_never_all_of_the_queue" {
  command = plan

  variables {
    import_buckets       = ["arn:aws:s3:::holiday"]
    executions_in_flight = 1000
  }

  assert {
    condition     = local.imports_in_flight == 180 && local.import_batch_count * local.import_window == 180
    error_message = "So many photos are on their way as the queue hands on in the time of one."
  }

  assert {
    condition     = run.dev.functions.bring == "darkroom-dev-bring" && length(module.imports) == 1
    error_message = "With a bucket there is a machine."
  }
}
