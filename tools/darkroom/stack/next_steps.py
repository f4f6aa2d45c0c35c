"""The next steps once the stack is up: an address to open, and three commands that work as they are printed."""
import json
import os
import subprocess
from pathlib import Path

from darkroom.console import Failure
from darkroom.deploy import build
from darkroom.paths import Stack
from darkroom.stack import newcomer


def lines(stack: Stack, facts: dict) -> list[str]:
    """An address and commands, each with a comment on what it does."""
    steps = {
        "make photo": "sends a photo as a new user, and prints a link to a variant of it",
        "make logs FN=resize": "prints the log of the function that made its variants",
        "make status": "prints what runs, where, and its health",
    }
    steps = [(f"{step}{stack.make_variables}", what) for step, what in steps.items()]
    steps.insert(0, (facts["web_url"], "photos, albums and links, in a browser"))
    width = max(len(step) for step, _ in steps)
    return [f"{step:{width}}  # {what}" for step, what in steps]


def photo(stack: Stack, path: Path) -> None:
    """Behind `make photo`: the command line, signed in as the newcomer, with its own state in the stack's folder."""
    newcomer.token(stack)  # signs up, the first time
    api = json.loads(stack.stack_json.read_text())["api_url"]
    environment = os.environ | {"DARKROOM_API": api, "XDG_STATE_HOME": str(stack.cli_state)}
    program = build.command_line()

    def darkroom(*arguments: str | Path, said: str | None = None) -> str:
        done = subprocess.run([program, *arguments], env=environment, input=said, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0 and not done.stdout:
            raise Failure(f"`darkroom {arguments[0]}` failed; it says why above")
        return done.stdout

    person = json.loads(stack.newcomer.read_text())
    darkroom("login", person["email"], said=f"{person['password']}\n")
    [sent] = json.loads(darkroom("upload", path, "--wait", "--json"))["files"]
    if "image_id" not in sent:
        raise Failure(f"{path} was not sent; the reason is above")
    print(darkroom("show", sent["image_id"]), end="")
    if sent["status"] == "ready":
        print(darkroom("open", sent["image_id"], "--print"), end="")
