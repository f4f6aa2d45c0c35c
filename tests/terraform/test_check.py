"""terraform/check.sh finds its provider by itself, whatever the caller's configuration says."""

import os
import subprocess

import rendered


def test_a_half_empty_mirror_is_named_and_passed_over(tmp_path):
    (tmp_path / "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64").mkdir(parents=True)
    config = tmp_path / "mirror.tfrc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}"\n  }}\n}}\n')
    asked = subprocess.run([rendered.ROOT / "terraform/check.sh", "metadata"], capture_output=True, text=True,
                           env=os.environ | {"TF_CLI_CONFIG_FILE": str(config)})
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.startswith("ok    modules/metadata  Success! ")
    assert f"warning: {config} names no mirror that has aws" in asked.stderr
