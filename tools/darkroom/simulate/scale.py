"""`make simulate-scale`: what so many photos a second take of each quota, and which of them breaks first: the tables of
docs/SCALE.md.

Quotas are the defaults of eu-central-1 and most regions, from AWS's page of each service's quotas. What a photo takes
of them is counted from the code (docs/ARCHITECTURE.md, docs/COST.md) and from the simulation's times.
"""
import json
import re
import sys
from dataclasses import dataclass

from darkroom import console
from darkroom.paths import REPOSITORY
from darkroom.simulate.rules import SETTINGS, Rules, Times, rules

RATES = (1, 100, 10_000)
USUAL = 1000  # functions at once, in an account that is not new


@dataclass(frozen=True)
class Limit:
    what: str
    gives: float
    of_a_photo: float
    raised_by: str

    def breaks_at(self) -> float:
        """Photos a second."""
        return self.gives / self.of_a_photo


def limits(goes_by: Rules, concurrency: int) -> list[Limit]:
    times, uploads, webhooks = goes_by.times, goes_by.uploads, goes_by.webhooks
    announced, quotas = json.loads(SETTINGS.read_text(encoding="utf-8"))["announcements"], goes_by.quotas
    calls = len(goes_by.path)
    return [
        Limit(f"Lambda: {concurrency:,} functions at once", concurrency, seconds_of_functions(goes_by),
              "Service Quotas"),
        Limit(f"our `executions_in_flight`, {goes_by.pace.in_flight:,}", goes_by.pace.in_flight,
              seconds_in_flight(goes_by), "half of the concurrency"),
        Limit("our mapping of uploads: sandboxes × batch", uploads.sandboxes * uploads.batch,
              times.poll + times.mark + times.start,
              "`uploads_queue.batch_size`; `maximum_concurrency` with `pace.period_s`"),
        Limit("our throttle of the API in prod, requests a second", prods_throttle(), 2, "`api_throttle`"),
        Limit("API Gateway: requests a second", 10_000, 2, "Service Quotas"),
        Limit("Step Functions: StartExecution a second", quotas.start_execution[1], 1, "Service Quotas"),
        Limit("Step Functions: transitions a second", quotas.state_transitions[1], calls + 1, "Service Quotas"),
        Limit("S3: PUT a second under `variants/`", 3500, 4, "S3 splits it by itself, in minutes"),
        Limit("DynamoDB: write units a second of a new table", 4000, 8, "the table grows by itself, in half an hour"),
        Limit("DynamoDB: write units a second of one owner's photos", 1000, 8, "nothing: it is one partition"),
        Limit("our announcements: changes a second of one shard", announced["batch_size"] / times.announce, 3,
              "`announcements.batch_size`; a table that grew has more shards"),
        Limit("our mapping of webhooks: sandboxes × batch", webhooks.sandboxes * webhooks.batch, times.webhook,
              "`webhooks_queue.maximum_concurrency`"),
        Limit("EventBridge: PutEvents a second", 2400, 1, "Service Quotas"),
    ]


def seconds_of_functions(goes_by: Rules) -> float:
    """Of all functions, for one photo: three workers, its share of a batch of the others, two requests of the API."""
    times = goes_by.times
    intake = (times.mark + times.start) / goes_by.uploads.batch
    told = times.announce * 3 / 10 + times.webhook / goes_by.webhooks.batch
    return sum(times.workers.values()) + intake + told + 2 * times.api


def seconds_in_flight(goes_by: Rules) -> float:
    return sum(goes_by.times.workers.values()) + len(goes_by.path) * goes_by.times.between_states + goes_by.times.write


def prods_throttle() -> int:
    text = (REPOSITORY / "terraform/environments/prod/variables.tf").read_text(encoding="utf-8")
    return int(re.search(r'variable "api_throttle".*?default = \{\s*requests_per_second = (\d+)', text, re.DOTALL)[1])


def quota_table(concurrency: int = USUAL) -> list[str]:
    found = sorted(limits(rules(concurrency), concurrency), key=Limit.breaks_at)
    head = row("in the order in which they break", "breaks at, photos a second", *of_rates(), "more of it by")
    rows = []
    for each in found:
        shares = [share(rate / each.breaks_at()) for rate in RATES]
        rows.append(row(each.what, number(each.breaks_at()), *shares, each.raised_by))
    first = [f"- At {rate:,} photos a second: {first_to_break(found, rate)}." for rate in RATES]
    return [head, rule(head), *rows, "", "First to break:", "", *first]


def first_to_break(found: list[Limit], rate: int) -> str:
    broken = [each for each in found if each.breaks_at() < rate]
    return f"{broken[0].what}, and {len(broken) - 1} more behind it" if broken else "nothing"


def concurrency_table() -> list[str]:
    """Service times → functions at once."""
    goes_by = rules(USUAL)
    usual = goes_by.times.workers
    head = row("seconds of `validate`, `resize`, `watermark`", *of_rates(), "the cap of 10 functions lets through",
               "of 1,000")
    rows = [head, rule(head)]
    for factor in (0.2, 1, 3):
        workers = {name: value * factor for name, value in usual.items()}
        slower = goes_by.but(times=Times(workers=workers))
        functions = [f"{seconds_of_functions(slower) * rate:,.0f}" for rate in RATES]
        flows = [f"{number(rules(each).pace.in_flight / seconds_in_flight(slower))} a second" for each in (10, USUAL)]
        rows.append(row(", ".join(f"{value:.2f}" for value in workers.values()), *functions, *flows))
    return rows


def of_rates() -> list[str]:
    return [f"{rate:,} a second" for rate in RATES]


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def rule(head: str) -> str:
    return "|" + "---|" * (head.count("|") - 1)


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def share(value: float) -> str:
    return f"{value * 100:,.0f} %" if value >= 0.01 else "< 1 %"


def main() -> int:
    print("\n".join([*concurrency_table(), "", *quota_table()]))
    return 0


if __name__ == "__main__":
    sys.exit(console.run(main))
