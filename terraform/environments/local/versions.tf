terraform {
  required_version = ">= 1.10"

  # The caller says where the state lives, so that several stacks can live beside each other:
  # terraform init -backend-config=path=…
  backend "local" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}
