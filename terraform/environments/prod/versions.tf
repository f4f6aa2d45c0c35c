terraform {
  required_version = ">= 1.10"

  # The bucket is one for all environments (terraform/bootstrap makes it) and is named at init:
  # terraform init -backend-config=bucket=…  The lock lies beside the state; no table is needed.
  backend "s3" {
    key          = "darkroom/prod/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}
