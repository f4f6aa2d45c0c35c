"""`make doctor ENV=x`: checks that everything that an environment needs exists, and is as the code says.

Prints one line for each check: `ok`, `warn` (works, but an operator should know) or `FAIL`, with a hint below. Changes
nothing.
"""
import argparse
import json
import sys
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import console, requirements
from darkroom.console import Failure, hinted
from darkroom.deploy.lambdas import changed_settings
from darkroom.deploy.root import Root
from darkroom.paths import Stack

Line = tuple[str, str]  # (ok | warn | FAIL, what was found, with a hint)
TOOLS = ("terraform", "rust", "git")
# With less concurrency a burst takes hours, and the API can run a handful of functions.
CONCURRENCY_WANTED = 100


def tools(_root: Root) -> Iterator[Line]:
    for found in requirements.examine(TOOLS):
        yield ("FAIL", hinted(str(found), requirements.install(found.tool))) if found.trouble else ("ok", str(found))


def credentials(root: Root) -> Iterator[Line]:
    who = root.client("sts").get_caller_identity()
    yield "ok", f"credentials of {who['Arn']}"
    if root.local:
        return
    wanted = root.variable("account_id")
    if not wanted:
        yield "warn", hinted(f"any account will do for {root.name}", f"account_id = \"{who['Account']}\" in "
                             f"terraform/environments/{root.name}/terraform.tfvars")
    elif wanted != who["Account"]:
        yield "FAIL", f"{root.name} belongs to account {wanted}, these are credentials of {who['Account']}"
    else:
        yield "ok", f"account {wanted}, the one of {root.name}"


def region(root: Root) -> Iterator[Line]:
    if root.local:
        yield "ok", f"engine at {root.stack.endpoint}, which calls itself {root.region}"
        return
    zones = root.client("ec2").describe_availability_zones()["AvailabilityZones"]
    names = sorted(zone["ZoneName"] for zone in zones if zone["State"] == "available")
    yield ("ok" if len(names) >= 2 else "FAIL"), f"region {root.region} with {len(names)} zones"


def state(root: Root) -> Iterator[Line]:
    if root.local:
        root.initialise()
        yield "ok", f"state in {root.stack.terraform_state}"
        return
    bucket = root.state_bucket()
    try:
        versioning = root.client("s3").get_bucket_versioning(Bucket=bucket).get("Status")
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
        yield "FAIL", hinted(f"the state bucket {bucket} does not exist", "docs/DEPLOY.md, Once per account")
        return
    if versioning == "Enabled":
        yield "ok", f"state in {bucket}, versioned"
    else:
        yield "FAIL", f"{bucket} is not versioned: a broken state could not be brought back"


def quotas(root: Root) -> Iterator[Line]:
    client = root.client("lambda")
    limit = client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if limit >= CONCURRENCY_WANTED or root.local:
        yield "ok", f"{limit} Lambda executions at once"
    else:
        yield "warn", hinted(f"{limit} Lambda executions at once for the whole account: a burst takes long",
                             f"Service Quotas, AWS Lambda, Concurrent executions, {CONCURRENCY_WANTED} or more")
    orchestrator = root.outputs().get("functions", {}).get("orchestrator")
    if root.local or not orchestrator:
        return
    given = client.get_function_configuration(FunctionName=orchestrator, Qualifier="live")["Environment"]["Variables"]
    in_flight = int(given.get("EXECUTIONS_IN_FLIGHT", 0))
    if 2 * in_flight > limit:
        yield "FAIL", hinted(f"{in_flight} photos in flight leave too little of that to the API",
                             f"executions_in_flight = {limit // 2} in terraform/environments/{root.name}/"
                             f"terraform.tfvars, make apply ENV={root.name}")
    else:
        yield "ok", f"{in_flight} photos in flight at most, of {limit // 2} that would leave room for the API"


def endpoints(root: Root) -> Iterator[Line]:
    if root.local:
        return
    tags = [{"Name": "tag:Application", "Values": ["darkroom"]}, {"Name": "tag:Environment", "Values": [root.name]}]
    found = root.client("ec2").describe_vpc_endpoints(Filters=tags)["VpcEndpoints"]
    states = {each["ServiceName"].rsplit(".", 1)[-1]: each["State"] for each in found}
    for service in ("dynamodb", "s3", "states"):
        state = states.get(service, "missing")
        if state == "available":
            yield "ok", f"endpoint of {service}"
        else:
            yield "FAIL", hinted(f"endpoint of {service}: {state}", f"make apply ENV={root.name}")


def code(root: Root) -> Iterator[Line]:
    client = root.client("lambda")
    functions = root.outputs().get("functions", {})
    if not functions:
        yield "FAIL", hinted(f"{root.name} has no functions yet", f"make apply ENV={root.name}")
        return
    empty = [name for name, function in sorted(functions.items())
             if client.get_alias(FunctionName=function, Name="live")["FunctionVersion"] == "$LATEST"]
    if empty:
        yield "FAIL", hinted(f"no code yet in {', '.join(empty)}", f"make deploy-lambdas ENV={root.name}")
    else:
        yield "ok", f"{len(functions)} functions with code"


def settings(root: Root) -> Iterator[Line]:
    """A version keeps the settings that it was published with, so the applied settings may not be the live ones."""
    client = root.client("lambda")
    functions, differences = root.outputs().get("functions", {}), 0
    for name, function in sorted(functions.items()):
        live = client.get_function_configuration(FunctionName=function, Qualifier="live")
        latest = client.get_function_configuration(FunctionName=function)
        if changed := changed_settings(latest, live):
            yield "FAIL", hinted(f"{name} runs with other settings than were applied: {', '.join(changed)}",
                                 f"make deploy-lambdas ENV={root.name} FN={name}")
        elif latest["CodeSha256"] != live["CodeSha256"]:
            yield "warn", f"{name} runs other code than was shipped last: a rollback, or a release that was taken back"
        else:
            continue
        differences += 1
    if functions and not differences:
        yield "ok", "each function runs what was applied and shipped last"


def drift(root: Root) -> Iterator[Line]:
    """The changes of an apply: they come from an edit in the console, or from code that was not applied yet."""
    said = root.ask("plan", "-json", "-input=false", "-lock=false", "-detailed-exitcode", accept=(0, 2))
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    planned = [event["change"] for event in events if event.get("type") == "planned_change"]
    changes = [f"{change['action']} {change['resource']['addr']}" for change in planned
               if change["action"] != "noop"]
    if not changes:
        yield "ok", "everything stands as the code says"
        return
    yield "warn", hinted(f"{len(changes)} differences from the code", f"make plan ENV={root.name}, look, make apply")
    for change in changes[:20]:
        yield "", change


QUESTIONS = (tools, credentials, region, state, quotas, endpoints, code, settings, drift)


def examine(root: Root) -> bool:
    healthy = True
    for question in QUESTIONS:
        try:
            for verdict, words in question(root):
                print(f"{verdict:4}  {words}".replace("\n", "\n      "), flush=True)
                healthy = healthy and verdict != "FAIL"
        except (Failure, ClientError, BotoCoreError) as error:
            print(f"FAIL  {question.__name__}: {error}", flush=True)
            healthy = False
            if question is credentials:
                break  # every other question would give the same answer
    return healthy


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="darkroom.deploy.doctor", description=__doc__.splitlines()[0])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    root = Root(parser.parse_args(argv).env, Stack.from_environment())
    return 0 if examine(root) else 1


if __name__ == "__main__":
    console.run(main, sys.argv[1:])
