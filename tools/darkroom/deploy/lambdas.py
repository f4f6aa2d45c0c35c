"""Ships code to Lambda without a terraform apply: `make deploy-lambdas`, `rollback`, `deploy-status`, with ENV=x.

Terraform owns the functions and their settings; this program owns which code runs. A deployment uploads the changed
code, publishes a version of it, and moves the aliases `live` only when every function has its version, so that a broken
upload leaves the old release running. The version's description names the release and the version before it. A rollback
needs nothing else; a description cannot be changed, and the console shows it.
"""
import argparse
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import console
from darkroom.console import Failure, Step, say
from darkroom.deploy import build
from darkroom.deploy.environment import Environment
from darkroom.deploy.root import Root
from darkroom.deploy.shift import ALIAS, FIRST, Change, Share, Watch, gradually, point
from darkroom.paths import REPOSITORY, Stack

# A version freezes the settings too: when Terraform changes one of these, the alias must move even for equal code.
FROZEN = ("CodeSha256", "Runtime", "Role", "Handler", "Timeout", "MemorySize", "Environment", "VpcConfig", "KMSKeyArn",
          "TracingConfig", "Layers", "DeadLetterConfig", "EphemeralStorage", "Architectures", "LoggingConfig")
WAIT = {"Delay": 1, "MaxAttempts": 300}


@dataclass(frozen=True)
class Live:
    """The state of the alias."""

    version: str
    release: str  # empty before the first deployment
    previous: str  # empty when there is nothing to go back to
    settings: dict
    shares: dict[str, float]  # of calls that go to another version: a release that is being tried


def deploy(environment: Environment, names: list[str], share: Share | None = None) -> None:
    """Moves the alias at once, or for a share of the calls first. A running call keeps its version."""
    client = environment.client()
    if environment.local:
        binaries = build.for_this_machine()
    else:
        binaries = build.for_aws(architecture(client, environment), environment.stack,
                                 reads_heic=environment.reads_heic)
    build.check_recipe()
    wanted = {name: binaries[name] for name in names}
    archives = build.zip_all(wanted, build.zipped_once) if environment.local else build.zip_all(wanted)

    release = release_name()
    with Step(f"Publishing to {environment.name}") as step, ThreadPoolExecutor(max_workers=4) as pool:
        published = pool.map(lambda name: publish(client, environment.functions[name], archives[name], release), names)
        changes = [
            Change(name, environment.functions[name], before, after)
            for name, (before, after) in zip(names, published, strict=True)
            if before != after
        ]
        step.result = f"{len(changes)} of {len(names)} changed"
    if share and changes:
        gradually(client, Watch(environment.client("cloudwatch"), environment.name, changes), changes, share)
    else:
        for change in changes:
            point(client, change.function, change.after)
    for change in changes:
        say(f"  {change.function}: {change.before} → {change.after}")
    say(f"Release {release} is live." if changes else "Nothing changed; the running release stays.")


def publish(client, function: str, archive: bytes, release: str) -> tuple[str, str]:
    """(the version that is live, the version that holds this code and today's settings)."""
    live = read_alias(client, function)
    latest = client.get_function_configuration(FunctionName=function)
    wanted = build.code_sha256(archive)
    if latest["CodeSha256"] != wanted:
        latest = client.update_function_code(FunctionName=function, ZipFile=archive)
        client.get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig=WAIT)
        latest = client.get_function_configuration(FunctionName=function)
    if live.version != FIRST and frozen(latest) == frozen(live.settings):
        return live.version, live.version
    # The hash makes the call fail if another deployment has uploaded other code meanwhile.
    # $LATEST is not a version to go back to: it already holds the new code.
    previous = "" if live.version == FIRST else f" previous={live.version}"
    version = client.publish_version(
        FunctionName=function, CodeSha256=wanted, Description=f"release={release}{previous}"
    )["Version"]
    client.get_waiter("function_active_v2").wait(FunctionName=function, Qualifier=version, WaiterConfig=WAIT)
    return live.version, version


def publish_settings(environment: Environment) -> None:
    """Runs after an apply. A version keeps the settings that it was published with, so each function whose settings
    changed gets a new version of its live code, which after a rollback is not the newest."""
    client, release, changes = environment.client(), release_name(), []
    for name, function in sorted(environment.functions.items()):
        live = read_alias(client, function)
        latest = client.get_function_configuration(FunctionName=function)
        if live.version == FIRST or not changed_settings(latest, live.settings):
            continue
        if live.shares:
            say(f"  {function}: a release is being tried; the settings go live with the next make deploy-lambdas")
            continue
        archive = download(client.get_function(FunctionName=function, Qualifier=live.version)["Code"]["Location"])
        changes.append(Change(name, function, *publish(client, function, archive, release)))
    for change in changes:
        point(client, change.function, change.after)
        say(f"  {change.function}: {change.before} → {change.after}, for its settings")


def download(location: str) -> bytes:
    """A presigned URL."""
    with urllib.request.urlopen(location, timeout=60) as answer:
        return answer.read()


def rollback(environment: Environment, names: list[str], version: str | None) -> None:
    """Without a version: undoes the newest release, for just the functions that it changed. A release that is being
    tried is the newest: its share is removed."""
    client = environment.client()
    live = {name: read_alias(client, environment.functions[name]) for name in names}
    if version:
        targets = dict.fromkeys(names, version)
    elif tried := {name: state.version for name, state in live.items() if state.shares}:
        targets = tried
    else:
        newest = max((state.release for state in live.values()), default="")
        if not newest:
            raise Failure(f"no release to undo in {environment.name}", hint="name one, with FN=resize VERSION=3")
        targets = {name: state.previous for name, state in live.items() if state.release == newest}
        if not all(targets.values()):
            raise Failure(f"{newest} is the first release of {environment.name}: no release to go back to")
    for name, target in targets.items():
        function = environment.functions[name]
        point(client, function, target)
        say(f"  {function}: {', '.join([live[name].version, *live[name].shares])} → {target}")
    say("The next `make deploy-lambdas` ships the working copy again.")


def status(environment: Environment) -> None:
    client = environment.client()
    for function in sorted(environment.functions.values()):
        live = read_alias(client, function)
        note = f"release {live.release}" if live.release else "as Terraform made it"
        note += "".join(f", {weight:.0%} of the calls on version {version}" for version, weight in live.shares.items())
        print(f"{function:34} version {live.version:>4}  {live.settings['CodeSize'] / 1e6:5.1f} MB  {note}")


def read_alias(client, function: str) -> Live:
    try:
        alias = client.get_alias(FunctionName=function, Name=ALIAS)
    except client.exceptions.ResourceNotFoundException as error:
        raise Failure(f"{function} has no alias {ALIAS}", hint="apply the environment, which makes it") from error
    settings = client.get_function_configuration(FunctionName=function, Qualifier=alias["FunctionVersion"])
    words = dict(word.split("=", 1) for word in settings.get("Description", "").split() if "=" in word)
    shares = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    return Live(alias["FunctionVersion"], words.get("release", ""), words.get("previous", ""), settings, shares)


def frozen(settings: dict) -> dict:
    return {key: settings.get(key) or None for key in FROZEN}


def changed_settings(latest: dict, live: dict) -> list[str]:
    """The settings that Terraform has applied and the live version does not have. The code is not Terraform's."""
    return [key for key in FROZEN if key != "CodeSha256" and frozen(latest)[key] != frozen(live)[key]]


def architecture(client, environment: Environment) -> str:
    """The architecture that Terraform sets; the build follows it."""
    found = {
        client.get_function_configuration(FunctionName=function).get("Architectures", ["x86_64"])[0]
        for function in environment.functions.values()
    }
    if len(found) != 1:
        raise Failure(f"the functions of {environment.name} differ in architecture: {', '.join(sorted(found))}")
    return found.pop()


def release_name() -> str:
    """Sorts by time, and names the commit where there is one."""
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True)
    commit = asked.stdout.strip() or "unknown"
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{commit}"


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="darkroom.deploy.lambdas", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["build", "deploy", "rollback", "status"])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    parser.add_argument("--function", help="only this one, such as resize")
    parser.add_argument("--version", help="with rollback and --function: this version")
    parser.add_argument("--shift", type=int, metavar="PERCENT", help="with deploy: this share of the calls first")
    parser.add_argument("--minutes", type=float, default=10, help="with --shift: for so long")
    arguments = parser.parse_args(argv)
    if arguments.version and not arguments.function:
        raise Failure("VERSION needs FN: versions are counted for each function")
    names = build.functions()
    if arguments.function:
        if arguments.function not in names:
            raise Failure(f"{arguments.function} is not a function", hint=f"there are {', '.join(names)}")
        names = [arguments.function]
    if arguments.command == "build":
        build.for_this_machine()
        build.check_recipe()
        return
    environment = Environment(Root(arguments.env, Stack.from_environment()))
    if arguments.command == "deploy":
        deploy(environment, names, arguments.shift and Share(arguments.shift, arguments.minutes))
    elif arguments.command == "rollback":
        rollback(environment, names, arguments.version)
    else:
        status(environment)


if __name__ == "__main__":
    console.run(main, sys.argv[1:], known=(ClientError, BotoCoreError))
