"""terraform/check.sh says what is wrong with a machine, before it starts."""

import os
import subprocess

import rendered


def test_a_half_empty_mirror_is_named(tmp_path):
    (tmp_path / "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64").mkdir(parents=True)
    config = tmp_path / "mirror.tfrc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}"\n  }}\n}}\n')
    asked = subprocess.run([rendered.ROOT / "terraform/check.sh", "metadata"], capture_output=True, text=True,
                           env=os.environ | {"TF_CLI_CONFIG_FILE": str(config)})
    assert asked.returncode != 0 and "ok" not in asked.stdout
    assert f"{config} names {tmp_path}, which has no provider aws" in asked.stderr
    assert "\nhint: name a whole mirror" in asked.stderr
