"""A root of terraform/environments, and how to run Terraform in it: the same for dev as for this machine's stack."""
import json
import os
import re
import subprocess
from pathlib import Path

from darkroom import aws, providers
from darkroom.console import Failure, Step
from darkroom.paths import REPOSITORY, Stack
from darkroom.stack import provision

ENVIRONMENTS = REPOSITORY / "terraform" / "environments"


class Root:
    def __init__(self, name: str, stack: Stack):
        self.name = name
        self.local = name == "local"
        self.stack = stack
        self.path = ENVIRONMENTS / name
        self._initialised = (self.path / ".terraform").is_dir()
        if not (self.path / "main.tf").is_file():
            there_are = ", ".join(sorted(path.parent.name for path in ENVIRONMENTS.glob("*/main.tf")))
            raise Failure(f"terraform/environments/{name} does not exist", hint=f"there are {there_are}")

    @property
    def region(self) -> str:
        return self.variable("region")

    @property
    def endpoint(self) -> str | None:
        """The engine's, for this machine's stack; AWS has its own."""
        return self.stack.endpoint if self.local else None

    @property
    def plan_file(self) -> Path:
        """The plan's file, in the ignored folder: a plan holds secret values."""
        return self.stack.home / "plans" / f"{self.name}.tfplan"

    def variable(self, name: str) -> str:
        """The value of a text variable in Terraform: from *.tfvars, TF_VAR_…, or its default; empty for null."""
        given = [path for path in (self.path / "terraform.tfvars", *sorted(self.path.glob("*.auto.tfvars")))
                 if path.is_file()]
        for path in reversed(given):
            if found := re.search(rf'^\s*{name}\s*=\s*"([^"]*)"', path.read_text(), re.MULTILINE):
                return found[1]
        if f"TF_VAR_{name}" in os.environ and not self.local:
            return os.environ[f"TF_VAR_{name}"]
        declared = (self.path / "variables.tf").read_text()
        block = re.search(rf'^variable "{name}" \{{(.*?)^\}}', declared, re.MULTILINE | re.DOTALL)
        default = re.search(r'^\s*default\s*=\s*"([^"]*)"', block[1] if block else "", re.MULTILINE)
        return default[1] if default else ""

    def client(self, service: str):
        return aws.client(service, region=self.region, endpoint=self.endpoint)

    def account(self) -> str:
        return self.client("sts").get_caller_identity()["Account"]

    def state_bucket(self) -> str:
        """The name that terraform/bootstrap gives it."""
        return f"darkroom-terraform-state-{self.account()}-{self.region}"

    def initialise(self) -> None:
        if self.local:
            self._needs_a_stack()
            provision.prepare(self.stack)
            return
        where = [f"-backend-config=bucket={self.state_bucket()}", f"-backend-config=region={self.region}"]
        with Step(f"Preparing Terraform for {self.name}"):
            self.ask("init", "-input=false", "-no-color", "-reconfigure", *where)
        self._initialised = True

    def run(self, *arguments: str) -> int:
        """With Terraform's own words on the terminal."""
        return subprocess.run(self._command(arguments), env=self._environment()).returncode

    def ask(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(self._command(arguments), env=self._environment(), capture_output=True, text=True)
        if done.returncode not in accept:
            raise Failure(f"terraform {arguments[0]} failed: {' '.join(done.stderr.split())}")
        return done.stdout

    def outputs(self) -> dict:
        """The object `stack`; empty before the first apply."""
        if self.local:
            self._needs_a_stack()
        elif not self._initialised:
            self.initialise()
        text = self.ask("output", "-json", "-no-color")
        return json.loads(text).get("stack", {}).get("value", {})

    def _needs_a_stack(self) -> None:
        if not self.stack.terraform_state.exists():
            raise Failure("this machine has no stack yet", hint="make up")

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return ["terraform", f"-chdir={self.path}", *arguments]

    def _environment(self) -> dict[str, str]:
        if self.local:
            return provision.terraform_environment(self.stack)
        return providers.environment(self.stack, self.path / ".terraform.lock.hcl")
