"""Makes Terraform and the engine agree, from any state that a kill, a full disk or a lost answer left them in.

Terraform's own refresh restores resources that the engine lost. This restores those that Terraform lost. Before the
first provisioning has succeeded, users have no data yet, and both start from nothing again; later, resources that the
engine has and Terraform wants to create are adopted (adopt.py). docs/adr/0041-converge-from-anywhere.md
"""
import json
import os
import re
import shutil
import signal
import time

from darkroom import processes
from darkroom.console import Failure, Step, say
from darkroom.paths import Stack
from darkroom.stack import adopt, engine, provision

TRIES = 4
LEFT_OVER_SECONDS = 180  # how long an apply may go on whose `make up` is gone
FIRST, LATER = "first", "later"
# Errors that another try can fix: the engine refused, or did not answer. A mistake in a file of ours is not one.
FROM_THE_ENGINE = re.compile(
    r"operation error|api error|StatusCode|couldn't find resource|empty result|already exists|not found"
    r"|connection re|unexpected state|timeout while waiting", re.I
)


def prepare(stack: Stack) -> None:
    """Runs before the engine starts: waits until no other apply runs, and reads from the files which state is valid."""
    stack.terraform.mkdir(parents=True, exist_ok=True)
    _await_left_over(stack)
    if _unfinished(stack) == FIRST:
        say("The first provisioning was not finished: starting it from nothing.")
        _forget(stack)
    if not _mend_state_file(stack) and not _is_empty(stack):
        _begin(stack, LATER)  # a state without content or backup, beside an engine that has everything
    if _is_empty(stack):
        _forget(stack)
        _begin(stack, FIRST)


def apply(stack: Stack) -> bool:
    """Returns whether an apply was needed."""
    if provision.is_applied(stack):
        return False
    unfinished, adopted = _unfinished(stack), {}
    # Without addresses it was never whole, and an older version of this tool left no note of that.
    doubtful = unfinished == LATER or not (unfinished or stack.stack_json.exists())
    if not unfinished:
        _begin(stack, LATER)
    for tries_left in reversed(range(TRIES)):
        try:
            if doubtful:
                adopted = _agree(stack)
            provision.apply(stack, adopted)
            stack.unfinished.unlink()
            return True
        except Failure as failure:
            if not FROM_THE_ENGINE.search(str(failure)):
                raise
            if not tries_left:
                raise Failure(f"{failure}\n{_last_resort(stack)}") from failure
            say(_first_line(failure))
        if unfinished == FIRST:
            say("There are no users or images yet: starting from nothing.")
            _forget(stack)
            _begin(stack, FIRST)
            engine.start(stack)
            provision.prepare(stack)
        else:
            doubtful = True
            engine.start(stack)  # in case it died
    raise AssertionError("unreachable")


def _agree(stack: Stack) -> dict[str, str]:
    """The resources that Terraform has to adopt. An adopted one tells the names of its parts, so this looks again until
    all are found."""
    adopted: dict[str, str] = {}
    removed = []
    with Step("Comparing Terraform with the engine") as step:
        for _round in range(4):
            found = list(adopt.find(stack, provision.plan(stack, adopted)))
            for one in found:
                if one.remove:
                    one.remove()
                    removed.append(one.address)
                else:
                    adopted[one.address] = one.import_id
            if not found:
                break
        step.result = "they agree" if not (removed or adopted) else "the engine has what Terraform does not know"
    for does, addresses in (("removing", removed), ("adopting", list(adopted))):
        if addresses:
            others = f" and {len(addresses) - 1} others" if len(addresses) > 1 else ""
            say(f"  {does} {provision.short(addresses[0])}{others}")
    return adopted


def _is_empty(stack: Stack) -> bool:
    kept = (path for folder in ("state", "s3") for path in (stack.engine / folder).glob("*"))
    return not stack.terraform_state.exists() and not any(kept)


def _mend_state_file(stack: Stack) -> bool:
    """Terraform writes its state in place, so a kill can cut it off. Returns whether there is a state."""
    state, backup = stack.terraform_state, stack.terraform_state.with_name("terraform.tfstate.backup")
    if _is_state(state):
        return True
    if state.exists():
        stack.applied.unlink(missing_ok=True)
        state.replace(state.with_name("terraform.tfstate.broken"))
        if _is_state(backup):
            say("Terraform's state was cut off: going on from its backup.")
            shutil.copyfile(backup, state)
            _begin(stack, LATER)
            return True
        say("Terraform's state was cut off, and has no backup: reading it from the engine.")
    return False


def _is_state(path) -> bool:
    try:
        return "resources" in json.loads(path.read_text())
    except (OSError, ValueError, TypeError):
        return False


def _unfinished(stack: Stack) -> str:
    """`first` or `later` while an apply has begun and not succeeded."""
    try:
        return stack.unfinished.read_text()
    except FileNotFoundError:
        return ""


def _begin(stack: Stack, which: str) -> None:
    stack.terraform.mkdir(parents=True, exist_ok=True)
    stack.applied.unlink(missing_ok=True)
    stack.unfinished.write_text(which)


def _forget(stack: Stack) -> None:
    """Everything but the logs and the provider."""
    engine.stop(stack)
    shutil.rmtree(stack.engine, ignore_errors=True)
    for left in stack.terraform.glob("terraform.tfstate*"):
        left.unlink()
    for left in (stack.applied, stack.stack_json, stack.newcomer, stack.operator):
        left.unlink(missing_ok=True)


def _await_left_over(stack: Stack) -> None:
    """A `make up` that was killed leaves its Terraform at work, which has the lock and soon ends by itself."""
    try:
        left = json.loads(stack.terraform_process.read_text())
        pid, started = int(left["pid"]), left["started"]
    except (OSError, ValueError, TypeError, KeyError):
        pid, started = 0, ""
    if pid and started and processes.started(pid) == started:
        with Step("Letting the Terraform of an earlier `make up` end"):
            deadline = time.monotonic() + LEFT_OVER_SECONDS
            while processes.started(pid) == started:
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.2)
    stack.terraform_process.unlink(missing_ok=True)
    # A provider outlives a Terraform that was killed, and waits for calls that never come.
    for provider in processes.running_from(stack.terraform / "data"):
        os.kill(provider, signal.SIGKILL)


def _first_line(failure: Failure) -> str:
    lines = [line.strip() for line in str(failure).splitlines()]
    return lines[1] if len(lines) > 1 else lines[0]


def _last_resort(stack: Stack) -> str:
    return (f"hint: {TRIES} tries did not fix it. `make clean` starts from nothing, and forgets users and images; "
            f"the logs in {stack.logs} say more")
