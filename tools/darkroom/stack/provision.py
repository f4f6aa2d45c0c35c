"""Runs `terraform apply` on terraform/environments/local, with a line that shows how far it is."""
import hashlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from darkroom import processes, providers
from darkroom.console import Failure, Step
from darkroom.paths import REGION, REPOSITORY, TERRAFORM_ROOT, Stack, host_architecture
from darkroom.stack.venv_setup import TOOLS_REQUIREMENTS

# Everything that Terraform reads; when none of it changed since the last apply there is nothing to do.
INPUTS = ("terraform", "api", "statemachine", "settings")


def prepare(stack: Stack) -> None:
    """Fetches the providers, where there is something to apply."""
    if is_applied(stack):
        return
    stack.terraform.mkdir(parents=True, exist_ok=True)
    with Step("Preparing Terraform"):
        _terraform(stack, "init", "-input=false", "-no-color", "-reconfigure",
                   f"-backend-config=path={stack.terraform_state}")


def apply(stack: Stack, adopted: dict[str, str]) -> None:
    """`adopted`: what the engine has already, as the addresses and ids of import blocks."""
    wanted = fingerprint(stack)
    stack.applied.unlink(missing_ok=True)
    with Step("Provisioning") as step:
        _apply_with_progress(stack, _root(stack, adopted), step)
    stack.applied.write_text(wanted)


def plan(stack: Stack, adopted: dict[str, str]) -> dict:
    """Terraform's plan, after a refresh."""
    file, root = stack.terraform / "plan", _root(stack, adopted)
    _terraform(stack, "plan", f"-out={file}", "-input=false", "-no-color", "-parallelism=30", root=root)
    planned = json.loads(_terraform(stack, "show", "-json", "-no-color", str(file), root=root))
    file.unlink()
    return planned


def _root(stack: Stack, adopted: dict[str, str]) -> Path:
    """A copy of the root with import blocks. They belong into the root module, but those of one stack must not change
    the checkout. From the copy, the same relative paths lead to the same modules and settings."""
    if not adopted:
        return TERRAFORM_ROOT
    copy = stack.terraform / "adopting"
    shutil.rmtree(copy, ignore_errors=True)
    root = copy / TERRAFORM_ROOT.relative_to(REPOSITORY)
    shutil.copytree(TERRAFORM_ROOT, root, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
    for shared in ("api", "settings", "statemachine", "terraform/modules"):
        (copy / shared).symlink_to(REPOSITORY / shared)
    blocks = (f'import {{\n  to = {address}\n  id = "{import_id}"\n}}\n' for address, import_id in adopted.items())
    (root / "adopted.tf").write_text("\n".join(blocks))
    return root


def is_applied(stack: Stack) -> bool:
    return stack.applied.exists() and stack.applied.read_text() == fingerprint(stack)


def fingerprint(stack: Stack) -> str:
    digest = hashlib.sha256(f"{stack.endpoint}\n{stack.web_url}\n".encode() + TOOLS_REQUIREMENTS.read_bytes())
    for top in INPUTS:
        for path in sorted((REPOSITORY / top).rglob("*")):
            if path.is_file() and ".terraform" not in path.parts and ".tfstate" not in path.name:
                digest.update(f"{path.relative_to(REPOSITORY)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def outputs(stack: Stack) -> dict:
    return json.loads(_terraform(stack, "output", "-json", "-no-color", "stack"))


def write_stack_json(stack: Stack) -> None:
    facts = outputs(stack) | {
        "aws_endpoint_url": stack.endpoint,
        "region": REGION,
        "mailbox_url": stack.mailbox_url,
        "web_url": stack.web_url,
    }
    stack.stack_json.write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


class Progress:
    """The progress of Terraform, read from its log of events."""

    def __init__(self):
        self.errors: list[str] = []
        self.planned = self.done = 0
        self._begun: dict[str, float] = {}

    def read(self, line: str) -> None:
        event = _parse(line)
        kind = event.get("type")
        if kind == "change_summary" and event["changes"]["operation"] == "plan":
            self.planned = sum(event["changes"][action] for action in ("add", "change", "remove"))
        elif kind == "apply_start" and event["hook"]["action"] != "read":
            self._begun[event["hook"]["resource"]["addr"]] = time.monotonic()
        elif kind in ("apply_complete", "apply_errored"):
            if self._begun.pop(event["hook"]["resource"]["addr"], None) and kind == "apply_complete":
                self.done += 1
        elif kind == "diagnostic" and event["diagnostic"]["severity"] == "error":
            self.errors.append(_sentence(event["diagnostic"]))
        elif not event and line.strip():
            self.errors.append(line.strip())

    def note(self) -> str:
        if not self.planned:
            return "planning "
        waiting = ""
        if self._begun:
            address, begun = next(iter(self._begun.items()))  # the one that takes longest
            waiting = f", waiting for {short(address)} ({time.monotonic() - begun:.0f} s)"
        return f"{self.done} of {self.planned} resources{waiting} "


def short(address: str) -> str:
    """Without the stack, which has all of them, and without the word before each module's name."""
    return re.sub(r"\bmodule\.", "", address.removeprefix("module.stack."))


def _apply_with_progress(stack: Stack, root: Path, step: Step) -> None:
    command = ["terraform", f"-chdir={root}", "apply", "-json", "-auto-approve", "-input=false",
               # Most of the time is the provider's own waiting, so let many resources wait at once.
               "-parallelism=30"]
    progress = Progress()
    step.note = progress.note
    log = stack.logs / "terraform.log"
    # Into a file and not a pipe: when we are killed, Terraform still ends properly, with its state written.
    with open(log, "w") as written, open(log) as read, subprocess.Popen(
        command, env=terraform_environment(stack), stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT
    ) as process:
        stack.terraform_process.write_text(
            json.dumps({"pid": process.pid, "started": processes.started(process.pid)}))
        for line in _lines(read, process):
            progress.read(line)
    stack.terraform_process.unlink()
    if process.returncode != 0:
        errors = progress.errors or ["no reason given"]
        raise Failure("\n       ".join(["terraform apply failed:", *errors, f"See {log}"]))
    step.result = f"{progress.done} resources" if progress.done else "no changes"


def _lines(file, process: subprocess.Popen) -> Iterator[str]:
    """The lines of a file that the process is still writing."""
    line, over = "", False
    while True:
        piece = file.readline()
        line += piece
        if line.endswith("\n") or (over and line):
            yield line
            line = ""
        elif not piece and over:
            return
        elif not piece:
            over = process.poll() is not None
            time.sleep(0.1)


def _sentence(diagnostic: dict) -> str:
    where = diagnostic.get("address") or diagnostic.get("range", {}).get("filename", "")
    detail = " ".join(diagnostic.get("detail", "").split())
    return f"{where}: {diagnostic['summary']} {detail}".strip(": ")


def _parse(line: str) -> dict:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _terraform(stack: Stack, *arguments: str, root: Path = TERRAFORM_ROOT) -> str:
    command = ["terraform", f"-chdir={root}", *arguments]
    done = subprocess.run(command, env=terraform_environment(stack), capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"terraform {arguments[0]} failed: {' '.join(done.stderr.split())}")
    return done.stdout


def terraform_environment(stack: Stack) -> dict[str, str]:
    # The caller's TF_ variables may name another workspace, state or set of arguments.
    kept = {k: v for k, v in stack.child_environment().items() if not k.startswith("TF_")}
    return kept | {
        "TF_CLI_CONFIG_FILE": str(providers.cli_config(stack)),
        "TF_DATA_DIR": str(stack.terraform / "data"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        # The provider is started four times for an apply, and a third of each start was garbage collection.
        "GOGC": "400",
        "TF_VAR_endpoint_url": stack.endpoint,
        "TF_VAR_web_url": stack.web_url,
        "TF_VAR_architecture": host_architecture(),
    }
