"""Each Terraform module has a README.md that is as new as its files."""

import os

import pytest
from citations import ROOT

from darkroom.pages import modules

FILES = modules.files()


def test_each_module_has_a_page():
    folders = {path for path in (ROOT / "terraform/modules").iterdir() if any(path.glob("*.tf"))}
    assert {file.parent for file in FILES} == folders and len(folders) > 10


@pytest.mark.parametrize("file", FILES, ids=[file.parent.name for file in FILES])
def test_the_page_is_as_new_as_the_module(file):
    wanted = modules.render(file)
    if os.environ.get("DARKROOM_WRITE"):
        file.write_text(wanted, encoding="utf-8")
    there = file.read_text("utf-8") if file.exists() else ""
    assert there.splitlines() == wanted.splitlines(), "make docs, and look at the difference"


MODULE = {
    "main.tf": """\
# What it is for,
# in two lines.

# Not this.
resource "aws_sqs_queue" "one" {
  name = var.name
}

module "inner" {
  source = "../inner"
}
""",
    "variables.tf": """\
variable "name" {
  description = "Starts a|b and \\"<c>\\"."
  type        = string
}

variable "parts" {
  description = "The parts."
  type = object({
    size = number # of them
    of   = optional(list(string), [])
  })
  default = {
    size = 1
    of   = ["a, b"]
  }
}

variable "none" {
  description = "None."
  type        = map(string)
  default     = {}
}

variable "long" {
  description = "Long."
  type        = string
  default     = "LONG"
}
""".replace("LONG", "long" * 30),
    "outputs.tf": """\
output "key" {
  description = "A key."
  value       = 1
  sensitive   = true
}
""",
    "versions.tf": """\
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}
""",
}
PAGE = """\
# made_up

<!-- Written by `make docs` from the .tf files beside it. Change those, not this file. -->

What it is for,
in two lines.

Needs Terraform >= 1.10 and the provider `hashicorp/aws` >= 5.100.

## Inputs

| name | type | default | what |
| --- | --- | --- | --- |
| `name` | `string` | required | Starts a\\|b and "&lt;c>". |
| `parts` | `object({ size = number, of = optional(list(string), []) })` | `{ size = 1, of = ["a, b"] }` | The parts. |
| `none` | `map(string)` | `{}` | None. |
| `long` | `string` | [variables.tf](variables.tf) | Long. |

## Outputs

| name | what |
| --- | --- |
| `key` | A key. Sensitive. |

## Resources

- [`module.inner`](../inner)
- `aws_sqs_queue.one`
"""


def written(folder, files):
    (folder / "made_up").mkdir()
    for name, text in files.items():
        (folder / "made_up" / name).write_text(text, encoding="utf-8")
    return folder / "made_up/README.md"


def test_a_page_says_what_the_files_say(tmp_path):
    assert modules.render(written(tmp_path, MODULE)) == PAGE


def test_a_module_that_does_not_say_what_it_is_for_is_refused(tmp_path):
    silent = MODULE | {"main.tf": 'resource "aws_sqs_queue" "one" {}\n'}
    with pytest.raises(AssertionError, match="does not begin with a comment"):
        modules.render(written(tmp_path, silent))
