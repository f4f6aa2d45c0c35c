"""The rules of the simulation: the state machine as Terraform renders it and settings/functions.json, both as they are,
and the figures that no file of ours has: AWS's quotas, and how long each call takes."""
import json
import re
from dataclasses import dataclass, field, replace

from darkroom.paths import REPOSITORY

DEFINITION = REPOSITORY / "statemachine" / "process-image.asl.json"
SETTINGS = REPOSITORY / "settings" / "functions.json"
WORKERS = ("validate", "resize", "watermark")


@dataclass(frozen=True)
class Retrier:
    errors: frozenset[str]
    attempts: int
    interval_s: float
    backoff: float
    max_delay_s: float
    is_jittered: bool

    def delay(self, retries: int) -> float:
        """The longest wait before the next try, after so many of them."""
        if retries >= 64:
            return self.max_delay_s  # 2 to the power of that is beyond a float's use
        return min(self.interval_s * self.backoff**retries, self.max_delay_s)

    def takes(self, error: str) -> bool:
        return error in self.errors or "States.ALL" in self.errors


@dataclass(frozen=True)
class State:
    name: str
    function: str | None  # None is DynamoDB's own integration
    retriers: tuple[Retrier, ...]

    def retrier(self, error: str) -> Retrier | None:
        return next((each for each in self.retriers if each.takes(error)), None)


@dataclass(frozen=True)
class Pace:
    in_flight: int
    period_s: float
    unlisted_s: float
    longest_wait_s: float


@dataclass(frozen=True)
class Queue:
    visibility_s: float
    max_receives: int
    retention_s: float
    batch: int
    sandboxes: int


@dataclass(frozen=True)
class Quotas:
    """The defaults of most regions; eu-west-1, us-east-1 and us-west-2 have more. (size of the bucket, refill a second)
    https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html"""

    concurrency: int
    start_execution: tuple[int, int] = (800, 150)
    state_transitions: tuple[int, int] = (800, 800)
    list_executions: tuple[int, int] = (100, 2)
    new_environments: tuple[int, int] = (1000, 100)  # of each function: 1,000 each ten seconds


@dataclass(frozen=True)
class Times:
    """Seconds. Of the workers assumed medians; one photo in six takes half as long again (log-normal).
    The rest is what such a call takes within a region."""

    workers: dict[str, float] = field(default_factory=lambda: {"validate": 0.15, "resize": 1.0, "watermark": 0.5})
    spread: float = 0.4
    cold_start: float = 0.3
    between_states: float = 0.1
    write: float = 0.02
    poll: float = 0.02  # until the mapping has read a batch and called the function
    mark: float = 0.02
    start: float = 0.04
    list: float = 0.05
    list_is_behind: float = 1.0  # "eventually consistent"
    announce: float = 0.08
    webhook: float = 0.3
    api: float = 0.06


@dataclass(frozen=True)
class Rules:
    machine_timeout_s: float
    path: tuple[State, ...]
    uploads: Queue
    webhooks: Queue
    pace: Pace | None  # None: executions start as they come
    quotas: Quotas
    times: Times = Times()

    def but(self, **changes) -> "Rules":
        return replace(self, **changes)


def rules(concurrency: int, in_flight: int | None = None) -> Rules:
    """The rules of the files, for an account that runs so many functions at once. Photos may take half of them."""
    machine, settings = rendered(), json.loads(SETTINGS.read_text(encoding="utf-8"))
    pace = Pace(in_flight=in_flight or max(1, concurrency // 2), **settings["pace"])
    webhooks = queue(settings["webhooks_queue"])
    return Rules(
        machine_timeout_s=machine["TimeoutSeconds"],
        path=tuple(happy_path(machine)),
        uploads=queue(settings["uploads_queue"]),
        # As terraform/modules/stack bounds them.
        webhooks=replace(webhooks, sandboxes=max(2, min(webhooks.sandboxes, pace.in_flight // 2))),
        pace=pace,
        quotas=Quotas(concurrency),
    )


def rendered() -> dict:
    """The template filled as Terraform fills it: each function's ARN is its short name here."""
    values = {f"{worker}_arn": worker for worker in WORKERS} | {"images_table": "images", "docs_url": "docs"}
    text = DEFINITION.read_text(encoding="utf-8")
    return json.loads(re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text))


def happy_path(machine: dict):
    name = machine["StartAt"]
    while name:
        state = machine["States"][name]
        yield State(name, state["Parameters"].get("FunctionName"), tuple(map(retrier, state["Retry"])))
        name = state.get("Next")


def retrier(said: dict) -> Retrier:
    return Retrier(
        errors=frozenset(said["ErrorEquals"]),
        attempts=said["MaxAttempts"],
        interval_s=said.get("IntervalSeconds", 1),
        backoff=said.get("BackoffRate", 2.0),
        max_delay_s=said.get("MaxDelaySeconds", float("inf")),
        is_jittered=said.get("JitterStrategy") == "FULL",
    )


def queue(said: dict) -> Queue:
    return Queue(
        visibility_s=said["visibility_timeout_s"],
        max_receives=said["max_receive_count"],
        retention_s=said["retention_s"],
        batch=said["batch_size"],
        sandboxes=said["maximum_concurrency"],
    )
