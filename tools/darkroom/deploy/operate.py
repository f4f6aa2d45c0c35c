"""`make plan`, `apply`, `destroy` and `output` with ENV=x: finds the state, asks first, and runs Terraform.

An apply applies the plan that was shown, never a newer one; settings of functions go live with it. The user types the
name of prod before an apply, and of any environment before it is destroyed. The answer is read from standard input, so
that a pipeline must give it, too.
"""
import argparse
import json
import sys

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import console
from darkroom.console import Failure, say
from darkroom.deploy import lambdas
from darkroom.deploy.environment import Environment
from darkroom.deploy.root import Root
from darkroom.paths import Stack

NOTHING_TO_DO, TO_DO = 0, 2  # terraform plan -detailed-exitcode


def plan(root: Root, *, destroy: bool = False) -> bool:
    """Shows the plan and keeps it; returns whether there is anything to do."""
    root.initialise()
    root.plan_file.parent.mkdir(parents=True, exist_ok=True)
    code = root.run("plan", "-input=false", "-detailed-exitcode", f"-out={root.plan_file}",
                    *(["-destroy"] if destroy else []))
    if code not in (NOTHING_TO_DO, TO_DO):
        raise Failure("there is no plan; Terraform says why above")
    return code == TO_DO


def apply(root: Root, *, destroy: bool = False) -> None:
    if root.local:
        raise Failure("this machine's stack is not applied by hand", hint=f"make {'clean' if destroy else 'up'}")
    if not plan(root, destroy=destroy):
        return
    confirm(root.name, destroy=destroy)
    try:
        if root.run("apply", "-input=false", str(root.plan_file)) != 0:
            raise Failure("the apply stopped half-way; Terraform says why above", hint="fix the cause and apply again")
    finally:
        root.plan_file.unlink(missing_ok=True)
    if not destroy:
        lambdas.publish_settings(Environment(root))
        say(f"Next: make deploy-lambdas ENV={root.name}, if code has changed; make doctor ENV={root.name}.")


def confirm(name: str, *, destroy: bool) -> None:
    word = name if destroy or name == "prod" else "yes"
    print(f"\n{'Destroy' if destroy else 'Apply this to'} {name}? Type {word} to go on: ", end="", file=sys.stderr,
          flush=True)
    if sys.stdin.readline().strip() != word:
        raise Failure(f"nothing was changed in {name}")


def output(root: Root) -> None:
    print(json.dumps(root.outputs(), indent=2, sort_keys=True))


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="darkroom.deploy.operate", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["plan", "apply", "destroy", "output"])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    arguments = parser.parse_args(argv)
    root = Root(arguments.env, Stack.from_environment())
    if arguments.command == "plan":
        plan(root)
    elif arguments.command == "output":
        output(root)
    else:
        apply(root, destroy=arguments.command == "destroy")


if __name__ == "__main__":
    console.run(main, sys.argv[1:], known=(ClientError, BotoCoreError))
