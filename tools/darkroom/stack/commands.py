"""The commands. Runs inside the virtual environment."""
import dataclasses
import json
import shutil
import subprocess
import sys
import time
from collections import Counter

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import aws
from darkroom.console import Failure, Step, say
from darkroom.locks import only_one
from darkroom.paths import REGION, REPOSITORY, Stack
from darkroom.stack import building, checks, converge, engine, function_logs, newcomer, next_steps, provision, web

DEPLOY = [sys.executable, "-m", "darkroom.deploy.lambdas"]
DRAIN_SECONDS = 60


def run(stack: Stack, arguments) -> int:
    match arguments.command:
        case "up" | "down" | "clean" as change:
            with only_one(stack.home / "lock"):
                {"up": up, "down": down, "clean": clean}[change](stack)
        case "status":
            status(stack)
        case "logs":
            logs(stack, arguments.function, arguments.minutes, arguments.follow)
        case "token":
            _needs_running(stack)
            print(newcomer.token(stack))
        case "photo":
            _needs_running(stack)
            next_steps.photo(stack, arguments.photo)
        case "api-url":
            _needs_running(stack)
            print(json.loads(stack.stack_json.read_text())["api_url"])
        case "run":
            return run_against_own_stack(stack, arguments.argv)
    return 0


def up(stack: Stack) -> None:
    stack.home.mkdir(parents=True, exist_ok=True)
    stack.logs.mkdir(exist_ok=True)
    checks.room(stack.home)
    converge.prepare(stack)
    engine.start(stack)
    # The build needs the cores, Terraform mostly waits: side by side they take no longer than the build.
    build, page = building.functions(stack), building.web_app(stack)
    try:
        provision.prepare(stack)
        if converge.apply(stack) or not stack.stack_json.exists():
            provision.write_stack_json(stack)
        facts = json.loads(stack.stack_json.read_text())
        page.wait()
        web.start(stack, facts)
        build.wait()
    finally:
        build.stop()
        page.stop()
    _deploy(stack)
    say()
    say("Darkroom is up.")
    for label, value in _addresses(facts).items():
        say(f"  {label:10} {value}")
    say("Next, or `make down` to stop it:")
    for line in next_steps.lines(stack, facts):
        say(f"  {line}")


def _deploy(stack: Stack) -> None:
    """The same script as `make deploy-lambdas ENV=local`; it skips what is unchanged."""
    command = [*DEPLOY, "deploy", "--env", "local"]
    done = subprocess.run(command, env=stack.child_environment(), stdout=sys.stderr)
    if done.returncode != 0:
        # Perhaps the engine lost resources that Terraform remembers: the next `make up` must look.
        stack.applied.unlink(missing_ok=True)
        raise Failure("the Lambdas were not deployed; the reason is above", hint="make up, once more")


def down(stack: Stack) -> None:
    if engine.running(stack):
        _drain(stack)
    web.stop(stack)
    say("Stopped. `make up` brings everything back." if engine.stop(stack) else "Nothing was running.")


def clean(stack: Stack) -> None:
    _stop(stack)
    for path in (stack.engine, stack.terraform, stack.logs, stack.cli_state):
        shutil.rmtree(path, ignore_errors=True)
    for left in stack.home.glob("run-*"):  # by tests that failed, or were interrupted the hard way
        _stop(dataclasses.replace(stack, home=left))
        shutil.rmtree(left, ignore_errors=True)
    for path in (stack.stack_json, stack.newcomer, stack.operator):
        path.unlink(missing_ok=True)
    say(f"Forgotten: users, images, executions and Terraform's state in {stack.home}.")


def _stop(stack: Stack) -> None:
    web.stop(stack)
    engine.stop(stack)


def _drain(stack: Stack) -> None:
    """The engine cannot resume an execution: one that runs while it stops is FAILED, its image `processing` forever."""
    if not stack.stack_json.exists():
        return
    machine = json.loads(stack.stack_json.read_text())["state_machine_arn"]
    client = _client(stack, "stepfunctions")

    def open_executions() -> int:
        return len(client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"])

    try:
        if not (left := open_executions()):
            return
        with Step("Letting running executions end") as step:
            deadline = time.monotonic() + DRAIN_SECONDS
            while left and time.monotonic() < deadline:
                step.note = f"{left} left "
                time.sleep(0.5)
                left = open_executions()
            step.result = f"{left} did not, and are marked as failed" if left else "done"
    except (ClientError, BotoCoreError):
        pass  # an engine in trouble can still be stopped


def status(stack: Stack) -> None:
    pid = engine.running(stack)
    if not pid:
        remains = stack.stack_json.exists()
        print(f"The engine is not running{', its data is kept' if remains else ''}. Next: make up")
        return
    health = "healthy" if engine.healthy(stack) else "NOT healthy"
    print(f"{'engine':10} process {pid}, {health}, log {stack.logs}/engine.log")
    serving = web.running(stack)
    print(f"{'web server':10} {f'process {serving}' if serving else 'NOT running; make up starts it'}")
    if not stack.stack_json.exists():
        print("Not provisioned yet. Next: make up")
        return
    facts = json.loads(stack.stack_json.read_text())
    for label, value in _addresses(facts).items():
        print(f"{label:10} {value}")
    images = Counter()
    for page in _client(stack, "dynamodb").get_paginator("scan").paginate(
        TableName=facts["images_table"], ProjectionExpression="#s", ExpressionAttributeNames={"#s": "status"}
    ):
        images.update(item["status"]["S"] for item in page["Items"] if "status" in item)
    executions = Counter()
    for page in _client(stack, "stepfunctions").get_paginator("list_executions").paginate(
        stateMachineArn=facts["state_machine_arn"]
    ):
        executions.update(execution["status"].lower() for execution in page["executions"])
    sqs = _client(stack, "sqs")
    print(f"{'images':10} {_counted(images)}")
    print(f"{'executions':10} {_counted(executions)}")
    waiting, under_way = _depth(sqs, facts["uploads_queue_url"])
    print(f"{'queue':10} {waiting} waiting, {under_way} under way or to be tried again, "
          f"{sum(_depth(sqs, facts['uploads_dlq_url']))} in the dead-letter queue")
    print("functions", flush=True)
    subprocess.run([*DEPLOY, "status", "--env", "local"], env=stack.child_environment())


def logs(stack: Stack, function: str | None, minutes: int, follow: bool) -> None:
    _needs_running(stack)
    functions = json.loads(stack.stack_json.read_text())["functions"]
    if function:
        if function not in functions:
            raise Failure(f"{function} is not a function", hint=f"there are {', '.join(sorted(functions))}")
        functions = {function: functions[function]}
    function_logs.show(_client(stack, "logs"), functions, minutes, follow)


def run_against_own_stack(stack: Stack, argv: list[str]) -> int:
    """Runs a command on a fresh stack on a free port, beside other stacks, and removes that stack afterwards."""
    argv = argv[1:] if argv[:1] == ["--"] else argv
    port = checks.free_port()
    own = dataclasses.replace(stack, home=stack.home / f"run-{port}", port=port)
    succeeded = False
    try:
        up(own)
        environment = own.child_environment() | {"DARKROOM_STACK": str(own.stack_json)}
        code = subprocess.run(argv, cwd=REPOSITORY, env=environment).returncode
        succeeded = code == 0
        return code
    finally:
        _stop(own)
        if succeeded:
            shutil.rmtree(own.home, ignore_errors=True)
        else:
            say(f"The stack's logs and state are kept in {own.home}")


def _needs_running(stack: Stack) -> None:
    if not engine.running(stack):
        raise Failure("the stack is not running", hint="make up")
    if not stack.stack_json.exists():
        raise Failure("the stack is not provisioned", hint="make up")


def _addresses(facts: dict) -> dict[str, str]:
    return {"web app": facts["web_url"], "API": facts["api_url"], "mailbox": facts["mailbox_url"],
            "AWS": facts["aws_endpoint_url"]}


def _counted(counter: Counter) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counter.items())) or "none"


def _depth(sqs, url: str) -> tuple[int, int]:
    """(messages that wait for a consumer, messages that a consumer took and did not finish)"""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])


def _client(stack: Stack, service: str):
    """A client with a short timeout: an engine in trouble must not keep `make status` and `make down` waiting."""
    retries = {"mode": "standard", "max_attempts": 2}
    return aws.client(service, region=REGION, endpoint=stack.endpoint, connect_timeout=5, read_timeout=30,
                      retries=retries)
