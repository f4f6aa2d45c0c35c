"""`make logs`: the functions' lines in CloudWatch Logs, as text for people."""
import json
import time
from datetime import datetime

from botocore.exceptions import ClientError

PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")
# Fields that the line has as columns, or that are the same on every line.
DULL = {"timestamp", "level", "message", "service", "function_name", "function_version", "function_arn",
        "function_memory_size", "cold_start", "xray_trace_id", "_aws", "target"}


def show(client, functions: dict[str, str], minutes: int, follow: bool) -> None:
    since = int((time.time() - minutes * 60) * 1000)
    seen: set[str] = set()  # streams: the engine writes one for each invocation, whole, at its end
    nothing = True
    while True:
        events = [
            (event["timestamp"], name, event["logStreamName"], event["message"])
            for name, function in functions.items()
            for event in _events(client, f"/aws/lambda/{function}", since)
            if event["logStreamName"] not in seen
        ]
        # By time alone: lines of the same millisecond stay in the order in which they were written.
        for timestamp, name, _stream, message in sorted(events, key=lambda event: event[0]):
            line = readable(timestamp, name, message)
            if line:
                nothing = False
                print(line, flush=True)
        if not follow:
            break
        seen.update(stream for _timestamp, _name, stream, _message in events)
        time.sleep(1)
    if nothing:
        print(f"Nothing was logged in the last {minutes} minutes.")


def readable(timestamp: int, name: str, message: str) -> str | None:
    message = message.rstrip()
    if not message or message.startswith(PLATFORM):
        return None
    clock = datetime.fromtimestamp(timestamp / 1000).strftime("%H:%M:%S.%f")[:-3]
    try:
        fields = json.loads(message)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        return f"{clock} {name:12}       {message}"
    if "_aws" in fields and "message" not in fields:
        return None  # metrics in CloudWatch's embedded format
    rest = " ".join(f"{key}={_short(value)}" for key, value in fields.items() if key not in DULL and value is not None)
    return f"{clock} {name:12} {fields.get('level', ''):5} {fields.get('message', '')}  {rest}".rstrip()


def _short(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _events(client, group: str, since: int):
    try:
        for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
            yield from page["events"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
