terraform {
  required_version = ">= 1.10"

  # Its own state lives where it is run, once per account and region; it can be moved into the bucket
  # that it makes.
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}
