"""What an environment is made of, as Terraform's outputs tell it; and the way to speak to its Lambda service."""
import boto3
from botocore.config import Config

from darkroom.console import Failure
from darkroom.deploy.root import Root
from darkroom.paths import Stack


class Environment:
    def __init__(self, name: str, stack: Stack):
        root = Root(name, stack)
        self.name = name
        self.local = root.local
        self.stack = stack
        outputs = root.outputs()
        if not outputs.get("functions"):
            mend = "make up" if self.local else f"make apply ENV={name}"
            raise Failure(f"the environment {name} has no functions yet. Mend: {mend}")
        self.functions: dict[str, str] = outputs["functions"]
        self.region: str = outputs["region"]

    def client(self, service: str = "lambda"):
        # Uploads of a few megabytes over a slow line take longer than the SDK's default minute.
        config = Config(retries={"mode": "standard", "max_attempts": 5}, read_timeout=300)
        if not self.local:
            return boto3.client(service, region_name=self.region, config=config)
        return boto3.client(
            service, region_name=self.region, config=config, endpoint_url=self.stack.endpoint,
            aws_access_key_id="test", aws_secret_access_key="test",
        )
