"""The parts of an environment, from Terraform's outputs, and a client of its Lambda service."""
from darkroom import aws
from darkroom.console import Failure
from darkroom.deploy.root import Root


class Environment:
    def __init__(self, root: Root):
        self.name = root.name
        self.local = root.local
        self.endpoint = root.endpoint
        self.stack = root.stack
        outputs = root.outputs()
        if not outputs.get("functions"):
            raise Failure(f"the environment {self.name} has no functions yet",
                          hint="make up" if self.local else f"make apply ENV={self.name}")
        self.functions: dict[str, str] = outputs["functions"]
        self.region: str = outputs["region"]
        self.reads_heic: bool = outputs.get("reads_heic", False)

    def client(self, service: str = "lambda"):
        # Uploads of a few megabytes over a slow line take longer than the SDK's default minute.
        return aws.client(service, region=self.region, endpoint=self.endpoint, read_timeout=300)
