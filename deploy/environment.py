"""What an environment is made of, as Terraform's outputs tell it; and the way to speak to its Lambda service."""
import json
import os
import subprocess

import boto3
from botocore.config import Config

from console import Failure
from paths import REPOSITORY, Stack


class Environment:
    def __init__(self, name: str, stack: Stack):
        self.name = name
        self.local = name == "local"
        self.stack = stack
        outputs = self._outputs()
        if not outputs.get("functions"):
            mend = "make up" if self.local else f"terraform -chdir=terraform/environments/{name} apply"
            raise Failure(f"the environment {name} has no functions yet. Mend: {mend}")
        self.functions: dict[str, str] = outputs["functions"]
        self.region: str = outputs["region"]

    def client(self):
        # Uploads of a few megabytes over a slow line take longer than the SDK's default minute.
        config = Config(retries={"mode": "standard", "max_attempts": 5}, read_timeout=300)
        if not self.local:
            return boto3.client("lambda", region_name=self.region, config=config)
        return boto3.client(
            "lambda", region_name=self.region, config=config, endpoint_url=self.stack.endpoint,
            aws_access_key_id="test", aws_secret_access_key="test",
        )

    def _outputs(self) -> dict:
        root = REPOSITORY / "terraform" / "environments" / self.name
        if not root.is_dir():
            raise Failure(f"there is no terraform/environments/{self.name}")
        command = ["terraform", f"-chdir={root}", "output", "-json", "-no-color"]
        environment = dict(os.environ)
        if self.local:
            # The backend's path is remembered there, since `make up`.
            environment["TF_DATA_DIR"] = str(self.stack.terraform / "data")
        asked = subprocess.run(command, capture_output=True, text=True, env=environment)
        if asked.returncode != 0:
            words = " ".join(asked.stderr.split())
            raise Failure(f"terraform output failed: {words}")
        return {name: output["value"] for name, output in json.loads(asked.stdout).items()}
