"""One process of Terraform's provider for all Terraforms of a command."""
import json
import os

import pytest

from darkroom import provider_server
from darkroom.console import Failure

ADDRESS = "registry.terraform.io/hashicorp/aws"
SAYS = {ADDRESS: {"Protocol": "grpc", "ProtocolVersion": 5, "Test": True}}


def program(folder, script):
    file = folder / "terraform-provider-aws"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return {ADDRESS: file}


def test_a_command_is_told_of_the_provider_which_ends_with_it(tmp_path):
    line = f"TF_REATTACH_PROVIDERS='{json.dumps(SAYS)}'"
    (tmp_path / "said").write_text(f"Provider started.\n\t{line}\n")
    started = program(tmp_path, f"echo $$ >{tmp_path}/pid; cat {tmp_path}/said; exec sleep 60")
    with provider_server.served(started) as variables:
        assert json.loads(variables["TF_REATTACH_PROVIDERS"]) == SAYS
        pid = int((tmp_path / "pid").read_text())
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_provider_that_does_not_start_says_why(tmp_path):
    wrong = provider_server.served(program(tmp_path, "echo wrong architecture; exit 1"))
    with pytest.raises(Failure, match="terraform-provider-aws does not start: wrong architecture"), wrong:
        pass
