"""The harness of the state machine's tests: the file as Terraform renders it, the two engines that run it, the table
that it writes to, and workers that follow a test's script."""

import contextlib
import functools
import hashlib
import io
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
import zipfile
from dataclasses import dataclass

from darkroom import aws

HERE = pathlib.Path(__file__).parent
REPOSITORY = HERE.parents[1]
DEFINITION = REPOSITORY / "statemachine" / "process-image.asl.json"
ACCOUNT, REGION = "000000000000", "us-east-1"
WORKERS = {"validate": "Validate image", "resize": "Create variants", "watermark": "Apply watermark"}
RECORDS = ["Publish record", "Record rejection", "Record failure"]
DOCS = "docs/ERRORS.md"
# The waits between retries, in the tests: a hundredth.
WAIT_SCALE = "0.01"

VARIABLES = {f"{worker}_arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{worker}:live" for worker in WORKERS} | {
    "images_table": "images",
    "docs_url": DOCS,
}


def render(text=None, **variables):
    """The template as Terraform's templatefile would fill it; an unknown name is an error there, and here."""
    values = VARIABLES | variables
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text or DEFINITION.read_text())


def definition(**variables):
    return json.loads(render(**variables))


def names_in_the_catalogue(area):
    """The error names of one area, from the one place that defines them."""
    return re.findall(rf'= "({area}\.\w+)"', (REPOSITORY / "src" / "domain" / "error.rs").read_text())


# ---------------------------------------------------------------------------------------------------------- servers


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(command, port, folder, **environment):
    """A server of our own, in a clean environment, stopped by its pid at the end."""
    log = folder / "server.log"
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "AWS_DEFAULT_REGION": REGION}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=clean | environment, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{command} did not start:\n{log.read_text()[-2000:]}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def ministack(folder):
    """The engine of the local stack. It also runs the stub workers and keeps the table, for both interpreters."""
    port = free_port()
    with server(
        ["-m", "ministack"],
        port,
        folder,
        BIND_HOST="127.0.0.1",
        MINISTACK_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        IOT_MTLS_ENABLED="0",
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
        SFN_WAIT_SCALE=WAIT_SCALE,
    ) as url:
        yield url


@contextlib.contextmanager
def moto(folder, ministack_url):
    """The stricter interpreter. It calls workers and table where MOTO_PORT says, which is the engine."""
    port = free_port()
    backends = {"MOTO_PORT": ministack_url.rsplit(":", 1)[1], "MOTO_ACCOUNT_ID": ACCOUNT}
    command = [str(HERE / "moto_server.py"), WAIT_SCALE, "-H", "127.0.0.1", "-p", str(port)]
    with server(command, port, folder, **backends) as url:
        switch = urllib.request.Request(
            f"{url}/moto-api/config",
            json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(switch, timeout=10).close()
        yield url


def client(service, url):
    return aws.client(service, region=REGION, endpoint=url, retries={"total_max_attempts": 1}, read_timeout=30)


# ------------------------------------------------------------------------------------------------------------ world


class World:
    """The table and the stub workers."""

    def __init__(self, url, folder):
        self.folder = folder
        self.dynamodb = client("dynamodb", url)
        self.make_table("images")
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            bootstrap = zipfile.ZipInfo("bootstrap")
            bootstrap.external_attr = 0o755 << 16
            stub = (HERE / "stub_worker.py").read_text()
            archive.writestr(bootstrap, f"#!{sys.executable}\n{stub}")
        functions = client("lambda", url)
        for worker in [*WORKERS, "rerender"]:
            functions.create_function(
                FunctionName=worker,
                Runtime="provided.al2023",
                Handler="bootstrap",
                Role=f"arn:aws:iam::{ACCOUNT}:role/worker",
                Code={"ZipFile": code.getvalue()},
                Timeout=30,
                Environment={"Variables": {"STAGE": worker, "SCRIPTS": str(folder)}},
                Publish=True,
            )
            functions.create_alias(FunctionName=worker, Name="live", FunctionVersion="1")

    def make_table(self, name):
        self.dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk")],
        )

    def photo(self, **script):
        """An upload whose record is `processing`. The script gives, per stage, one entry for each attempt that
        does not work: an error's name, or "hang"."""
        photo = Photo(self, str(uuid.uuid4()))
        (self.folder / f"{photo.image_id}.script.json").write_text(json.dumps(script))
        photo.put()
        return photo


class Photo:
    """One upload: its work order, its record, and what the workers were asked about it."""

    owner_id = "1f0c2a9e-1111-4222-8333-444455556666"

    def __init__(self, world, image_id):
        self.world, self.image_id = world, image_id
        self.key = {"pk": {"S": f"USER#{self.owner_id}"}, "sk": {"S": f"IMAGE#{image_id}"}}
        self.order = {
            "stage": "validate",
            "image_id": image_id,
            "owner_id": self.owner_id,
            "source": {
                "bucket": "darkroom-local-originals-000000000000",
                # As long as S3 allows, so that the sizes of the payloads are the worst there are.
                "key": "imports/" + "x" * 1016,
                "version_id": "version-1",
                "sequencer": "0055AED6DCD90281E5",
                "size_bytes": 4_812_345,
            },
        }
        self.execution = f"{image_id}-{hashlib.sha256(b'version-1').hexdigest()[:16]}"

    def put(self, table="images", **attributes):
        item = self.key | {
            "image_id": {"S": self.image_id},
            "owner_id": {"S": self.owner_id},
            "status": {"S": "processing"},
            "filename": {"S": "holiday.jpg"},
            "version_id": {"S": "version-1"},
            "execution": {"S": self.execution},
            "created_at": {"S": "2026-01-02T03:04:05.000Z"},
            "updated_at": {"S": "2026-01-02T03:04:05.000Z"},
            "expires_at": {"N": "1767322000"}, "awaited_until": {"N": "1767322000"}, "unfinished": {"S": "shard-2"},
        }
        self.world.dynamodb.put_item(TableName=table, Item=item | attributes)

    def delete(self):
        self.world.dynamodb.delete_item(TableName="images", Key=self.key)

    def item(self, table="images"):
        return self.world.dynamodb.get_item(TableName=table, Key=self.key, ConsistentRead=True).get("Item")

    def outcome(self):
        """The recorded outcome without its time, which is the record's."""
        item = self.item()
        said = {name: value["S"] for name, value in item["outcome"]["M"].items()}
        assert said.pop("at") == item["updated_at"]["S"]
        return said

    def asked(self, stage):
        """The work orders that the stage's worker received, one per attempt."""
        calls = self.world.folder / f"{self.image_id}.{stage}.calls"
        return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []


# ---------------------------------------------------------------------------------------------------------- engines


@dataclass
class Run:
    """One execution that has ended, as its history tells it."""

    status: str
    error: str | None
    cause: str | None
    output: dict | None
    events: list

    @functools.cached_property
    def entered(self):
        return [e["stateEnteredEventDetails"] for e in self.events if "stateEnteredEventDetails" in e]

    @property
    def states(self):
        return [state["name"] for state in self.entered]

    @property
    def inputs(self):
        return {state["name"]: json.loads(state["input"]) for state in self.entered}

    @property
    def payloads(self):
        """Every state's input and output, as text."""
        left = [e["stateExitedEventDetails"]["output"] for e in self.events if "stateExitedEventDetails" in e]
        return [state["input"] for state in self.entered] + left


class Engine:
    """A Step Functions interpreter."""

    def __init__(self, name, url):
        self.name, self.sfn, self.machines = name, client("stepfunctions", url), {}

    def machine(self, source):
        """The ARN of a machine with this definition; each definition is made once."""
        text = json.dumps(source)
        if text not in self.machines:
            made = self.sfn.create_state_machine(
                name=f"machine-{uuid.uuid4()}",
                definition=text,
                roleArn=f"arn:aws:iam::{ACCOUNT}:role/machine",
                type="STANDARD",
            )
            self.machines[text] = made["stateMachineArn"]
        return self.machines[text]

    def start(self, photo, source=None, order=None, again=""):
        return self.sfn.start_execution(
            stateMachineArn=self.machine(source or definition()),
            name=photo.execution + again,
            input=json.dumps(order or photo.order),
        )["executionArn"]

    def history(self, execution):
        pages = self.sfn.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"]]

    def finish(self, execution, seconds=45):
        deadline = time.monotonic() + seconds
        while (told := self.sfn.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < deadline, f"still running: {self.history(execution)[-3:]}"
            time.sleep(0.05)
        output = json.loads(told["output"]) if told["status"] == "SUCCEEDED" else None
        return Run(told["status"], told.get("error"), told.get("cause"), output, self.history(execution))

    def run(self, photo, source=None, order=None, again=""):
        return self.finish(self.start(photo, source, order, again))
