"""The folder and the port of a stack. Two stacks differ in nothing else."""
import os
import platform
import shlex
from dataclasses import dataclass
from pathlib import Path

from darkroom.console import Failure

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / "tools"
TERRAFORM_ROOT = REPOSITORY / "terraform" / "environments" / "local"
REGION = "us-east-1"
DEFAULTS = {"DARKROOM_HOME": ".local", "DARKROOM_PORT": "4566", "DARKROOM_VENV": ".local/venv"}


@dataclass(frozen=True)
class Stack:
    home: Path
    port: int
    venv: Path

    @classmethod
    def from_environment(cls) -> "Stack":
        # The virtual environment holds no state, so all stacks of a checkout share one.
        home, port, venv = (os.environ.get(name) or default for name, default in DEFAULTS.items())
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise Failure(f"DARKROOM_PORT={port} is not a port", hint="give a number, such as 4566")
        return cls(REPOSITORY / home, int(port), REPOSITORY / venv)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def web_port(self) -> int:
        return web_port(self.port)

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def make_variables(self) -> str:
        """The variables of `make` that choose this stack, with a space before each; nothing for the default one."""
        here = {"DARKROOM_HOME": self.home, "DARKROOM_PORT": str(self.port), "DARKROOM_VENV": self.venv}
        return "".join(f" {name}={shlex.quote(str(here[name]))}" for name, default in DEFAULTS.items()
                       if here[name] not in (default, REPOSITORY / default))

    @property
    def mailbox_url(self) -> str:
        return f"{self.endpoint}/_ministack/ses/messages"

    @property
    def venv_python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def plugins(self) -> Path:
        """Terraform's provider, in the layout of a mirror: 700 MB, so once for all stacks of a checkout."""
        return self.venv.parent / "terraform-plugins"

    @property
    def engine(self) -> Path:
        return self.home / "engine"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def pid_file(self) -> Path:
        return self.home / "engine.pid.json"

    @property
    def web_pid_file(self) -> Path:
        return self.home / "web.pid.json"

    @property
    def terraform(self) -> Path:
        return self.home / "terraform"

    @property
    def terraform_state(self) -> Path:
        return self.terraform / "terraform.tfstate"

    @property
    def applied(self) -> Path:
        """The fingerprint of what was applied last; absent while the engine and Terraform may disagree."""
        return self.terraform / "applied"

    @property
    def unfinished(self) -> Path:
        """Exists from the beginning of an apply until it succeeds, and says whether users may have data yet."""
        return self.terraform / "unfinished"

    @property
    def terraform_process(self) -> Path:
        return self.terraform / "process.json"

    @property
    def stack_json(self) -> Path:
        return self.home / "stack.json"

    @property
    def cli_state(self) -> Path:
        """The folder where the command line keeps the newcomer's sign-in, apart from the user's own."""
        return self.home / "cli"

    @property
    def newcomer(self) -> Path:
        return self.home / "newcomer.json"

    @property
    def operator(self) -> Path:
        return self.home / "operator.json"

    def aws_environment(self) -> dict[str, str]:
        """The variables that make the AWS SDKs and Terraform's provider speak to the engine only."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            # A developer's own profile must not leak in: its keys are not the engine's.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def child_environment(self) -> dict[str, str]:
        """The environment for tools run by us: the caller's, with every AWS setting replaced by the stack's."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        # A proxy would swallow calls to the engine.
        kept["NO_PROXY"] = kept["no_proxy"] = "127.0.0.1,localhost"
        return kept | self.aws_environment() | {
            "DARKROOM_HOME": str(self.home),
            "DARKROOM_PORT": str(self.port),
            "DARKROOM_VENV": str(self.venv),
            "PYTHONPATH": str(TOOLS),  # `python -m darkroom…`, from wherever it is started
        }


def web_port(port: int) -> int:
    """The web app's server listens a thousand above the engine, so that one number chooses both."""
    return port + 1000 if port + 1000 < 65536 else port - 1000


def host_architecture() -> str:
    """The architecture, by AWS's name."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
