"""An operator's view of one photo: its execution, log lines and traces, and the alarms."""
import json
import time
from datetime import datetime, timedelta, timezone

from darkroom.console import Failure
from darkroom.smoke.report import NotHere
from darkroom.smoke.target import Target
from darkroom.smoke.waiting import until

HAPPY = ["Validate image", "Create variants", "Apply watermark", "Publish record"]
LOGGED_SECONDS = 90
TRACED_SECONDS = 120


class Watch:
    def __init__(self, target: Target):
        self.target = target
        self.began_at = datetime.now(timezone.utc) - timedelta(seconds=5)
        self.execution: dict = {}

    def steps_of(self, name: str) -> str:
        """The execution's history: each state was left, the watermark's among them."""
        machine = self.target.client("stepfunctions")
        arn = self.target.execution_arn(name)
        self.execution = machine.describe_execution(executionArn=arn)
        pages = machine.get_paginator("get_execution_history").paginate(executionArn=arn)
        left = [event["stateExitedEventDetails"]["name"] for page in pages for event in page["events"]
                if "stateExitedEventDetails" in event]
        if self.execution["status"] != "SUCCEEDED" or left != HAPPY:
            raise Failure(f"the execution {name} is {self.execution['status']} and left {', '.join(left)}")
        return f"{len(left)} states in {self._seconds():.1f} s, '{HAPPY[2]}' among them"

    def order(self) -> dict:
        """The input of the execution."""
        return json.loads(self.execution["input"])

    def _seconds(self) -> float:
        return (self.execution["stopDate"] - self.execution["startDate"]).total_seconds()

    def log_line(self, function: str, image_id: str) -> str:
        """One line of the function, found by the photo's id. CloudWatch takes a while until a line can be found."""
        logs, group = self.target.client("logs"), f"/aws/lambda/{self.target.functions[function]}"
        begun = round(self.began_at.timestamp() * 1000)

        def lines() -> list[str]:
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=begun, filterPattern=f'"{image_id}"')
            return [event["message"] for page in pages for event in page["events"] if image_id in event["message"]]

        found = until(lines, f"a line of {function} with the id {image_id}", seconds=LOGGED_SECONDS)
        message = json.loads(found[0]).get("message", "")
        return f"{function} logged {len(found)} lines with the photo's id, the first: {message}"

    def alarms(self) -> str:
        pages = self.target.client("cloudwatch").get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=f"{self.target.prefix}-")
        states = {alarm["AlarmName"].removeprefix(f"{self.target.prefix}-"): alarm["StateValue"]
                  for page in pages for alarm in page["MetricAlarms"]}
        if not states and self.target.local:
            raise NotHere("a laptop has no alarms")
        if not states:
            raise Failure("there are no alarms", hint=f"make plan ENV={self.target.name}")
        ringing = sorted(name for name, state in states.items() if state == "ALARM")
        return f"{len(states)} alarms can be read; " + (f"RINGING: {', '.join(ringing)}" if ringing else "none rings")

    def trace(self, image_id: str) -> str:
        if self.target.function("images")["TracingConfig"]["Mode"] != "Active":
            raise NotHere("tracing is off here")
        xray = self.target.client("xray")

        def traces() -> list[dict]:
            pages = xray.get_paginator("get_trace_summaries").paginate(
                StartTime=self.began_at, EndTime=datetime.now(timezone.utc), Sampling=False,
                FilterExpression=f'http.url CONTAINS "{image_id}"')
            return [trace for page in pages for trace in page["TraceSummaries"]]

        begun = time.monotonic()
        found = until(traces, f"a trace of a request for image {image_id}", seconds=TRACED_SECONDS, pause=5)
        return f"{len(found)} traces of requests for the photo, to be seen {time.monotonic() - begun:.0f} s later"
