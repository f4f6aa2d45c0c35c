"""A release for some of the calls first: the alias sends a share of them to the new version for some minutes, and any
trouble meanwhile takes the release back. Lambda chooses at random for each call; a running call keeps its version."""
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from darkroom.console import Failure, Step, say

ALIAS = "live"
PAUSE = 30  # seconds between two looks; an alarm looks once a minute
FIRST = "$LATEST"  # what the alias points to before the first deployment
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, a cancelled pipeline, a closed terminal


@dataclass(frozen=True)
class Change:
    name: str
    function: str
    before: str
    after: str


@dataclass(frozen=True)
class Share:
    percent: int
    minutes: float

    def __post_init__(self):
        if not 1 <= self.percent <= 99:
            raise Failure(f"SHIFT={self.percent} is not a share of 1 to 99 percent",
                          hint="without SHIFT a release is live at once")
        if not 0 < self.minutes <= 120:
            raise Failure(f"MINUTES={self.minutes:g} is not from 0 to 120")


def point(client, function: str, version: str, also: dict[str, float] | None = None) -> None:
    """Points the alias to one version, or to one and for a share of the calls to another, in one call."""
    routing = {"AdditionalVersionWeights": also or {}}
    client.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version, RoutingConfig=routing)


def gradually(client, watch: "Watch", changes: list[Change], share: Share, sleep=time.sleep) -> None:
    """Shifts all functions together, since a release is all of them. $LATEST cannot share: the first version of a
    function is live at once."""
    sharing = [change for change in changes if change.before != FIRST]
    try:
        with _handled(_stop):
            for change in sharing:
                point(client, change.function, change.before, {change.after: share.percent / 100})
            if sharing:
                _wait(watch, share, sleep)
    except BaseException as reason:  # a signal too: it ends the watch
        with _handled(signal.SIG_IGN):
            for change in sharing:
                point(client, change.function, change.before)
        if isinstance(reason, Failure):
            raise Failure(f"{reason}. The release was taken back; the one before is live") from reason
        say("The release was taken back; the one before is live.")
        raise
    for change in changes:
        point(client, change.function, change.after)


@contextmanager
def _handled(handler):
    """A signal that is ignored already, as under nohup, stays ignored."""
    before = {number: signal.signal(number, handler) for number in ENDS if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _stop(number, _frame):
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


def _wait(watch: "Watch", share: Share, sleep) -> None:
    with Step(f"{share.percent} % of the calls get the new release") as step:
        left = share.minutes * 60
        while left > 0:
            step.note = f"{left / 60:.0f} min left"
            sleep(min(PAUSE, left))
            left -= PAUSE
            if trouble := watch.trouble():
                raise Failure(trouble)
        step.result = f"no trouble in {share.minutes:g} min"


class Watch:
    """Trouble is an alarm of the environment that did not ring before, or an error of a new version.

    An error of a worker can be a rejected photo, which is not trouble. So errors are counted only for the functions
    whose errors have an alarm; Terraform decides which these are."""

    def __init__(self, cloudwatch, environment: str, changes: list[Change]):
        self.cloudwatch = cloudwatch
        self.prefix = f"darkroom-{environment}-"
        self.began = datetime.now(timezone.utc)
        alarms = self._alarms()
        self.rang_before = {name for name, state in alarms.items() if state == "ALARM"}
        self.counted = [change for change in changes if f"{self.prefix}function-errors-{change.name}" in alarms]
        if not alarms:
            say(f"  {environment} has no alarms: nothing will take the release back by itself")

    def trouble(self) -> str:
        ringing = {name for name, state in self._alarms().items() if state == "ALARM"} - self.rang_before
        if ringing:
            return f"rings: {', '.join(sorted(ringing))}"
        failed = [f"{change.function} version {change.after}" for change in self.counted if self._errors(change)]
        return f"fails: {', '.join(failed)}" if failed else ""

    def _alarms(self) -> dict[str, str]:
        pages = self.cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=self.prefix)
        return {alarm["AlarmName"]: alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"]}

    def _errors(self, change: Change) -> float:
        dimensions = {"FunctionName": change.function, "Resource": f"{change.function}:{ALIAS}",
                      "ExecutedVersion": change.after}
        found = self.cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda", MetricName="Errors", Statistics=["Sum"], Period=60,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=self.began - timedelta(minutes=1), EndTime=datetime.now(timezone.utc),
        )
        return sum(point["Sum"] for point in found["Datapoints"])
