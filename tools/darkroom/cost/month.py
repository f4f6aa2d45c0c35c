"""A month's bill: a line for each kind of use that the load causes, and what an environment costs while it is idle."""
import json
from dataclasses import dataclass, replace
from pathlib import Path

from darkroom.cost.photo import ASSUMED, PHOTO, Load, calls_of_functions, gb_seconds, requests, transitions
from darkroom.cost.prices import HOURS, usd
from darkroom.cost.table import number

# What of each environment costs without any photo, counted in Terraform's code by tests/terraform/test_environments.py.
STANDING = json.loads(Path(__file__).with_name("standing.json").read_text(encoding="utf-8"))
# Lambda reads each queue with five long polls at once, of twenty seconds each, also when the queue is empty.
POLLS_OF_A_QUEUE = 5 * HOURS * 3600 / 20


STORAGE = "S3, storage"


@dataclass(frozen=True)
class Line:
    what: str
    how_much: str
    usd: float


@dataclass(frozen=True)
class Parts:
    """Of a month's photos: developing them, keeping them for the month, and all looks at them."""

    developing: float
    keeping: float
    looking: float


def of_photos(load: Load) -> list[Line]:
    """The dearest first."""
    photos, looks = load.photos, load.photos * load.views
    view = PHOTO["view"]
    calls = calls_of_functions(load.views)
    seconds = {name: photos * count * gb_seconds(name, load.mb) for name, count in calls.items()}
    puts, gets = requests("s3:PutObject"), requests("s3:GetObject")
    downloads = looks * view["downloads"]
    # CloudFront fetches a variant once; a link to S3 is a GET each time.
    fetched = min(photos, downloads) if load.delivery == "cloudfront" else downloads
    queued, writes = sum(PHOTO["queue_requests"].values()), sum(PHOTO["write_units"].values())
    reads = photos * sum(PHOTO["read_units"].values()) + looks * view["read_units"]
    asked = photos + looks * view["api"]
    gets_in_all = photos * gets + fetched
    data_events = photos * puts + gets_in_all
    lines = [
        Line("Step Functions", f"{transitions()} transitions each", usd("transition", photos * transitions())),
        Line("S3, requests", f"{puts} PUT each, {number(gets_in_all / photos)} GET each",
             usd("s3_put", photos * puts) + usd("s3_get", gets_in_all)),
        Line(STORAGE, f"{number(load.kept_gb())} GB for a month", usd("s3_gb_month", load.kept_gb())),
        Line("Lambda", f"{number(sum(seconds.values()) / photos)} GB-s each, {number(sum(calls.values()))} calls",
             usd("lambda_gb_s", sum(seconds.values())) + usd("lambda_request", photos * sum(calls.values()))),
        Line("API Gateway", f"{number(asked / photos)} requests each", usd("api_request", asked)),
        Line("DynamoDB", f"{writes} write units each, {number(reads / photos)} read units",
             usd("write_unit", photos * writes) + usd("read_unit", reads)),
        Line("SQS", f"{queued} requests each", usd("sqs_request", photos * queued)),
        Line("EventBridge", "1 event each", usd("event", photos)),
        Line("KMS", f"{ASSUMED['kms_requests']} request each, with bucket keys",
             usd("kms_request", photos * ASSUMED["kms_requests"])),
        Line("CloudTrail", f"{number(data_events / photos)} data events each", usd("data_event", data_events)),
        Line("CloudWatch Logs", f"{ASSUMED['log_kb']} KB each", usd("log_gb", photos * ASSUMED["log_kb"] / 1e6)),
        Line("X-Ray", f"{ASSUMED['traces']} traces each at most", usd("trace", photos * ASSUMED["traces"])),
        delivered(load, downloads),
    ]
    return sorted(lines, key=lambda line: -line.usd)


def delivered(load: Load, downloads: float) -> Line:
    gb = load.downloaded_gb()
    if load.delivery == "cloudfront":
        return Line("CloudFront", f"{number(gb)} GB in {number(downloads)} requests",
                    usd("cloudfront_gb", gb) + usd("cloudfront_request", downloads))
    return Line("Data to the internet", f"{number(gb)} GB from S3", usd("transfer_gb", gb))


def parts(load: Load) -> Parts:
    unseen = of_photos(replace(load, views=0))
    keeping = next(line.usd for line in unseen if line.what == STORAGE)
    return Parts(total(unseen) - keeping, keeping, total(of_photos(load)) - total(unseen))


def standing(environment: str) -> list[Line]:
    """Idle, for a month."""
    has = STANDING[environment]
    return [
        Line("endpoint × zones", str(has["endpoint_zones"]), usd("endpoint_hour", has["endpoint_zones"] * HOURS)),
        Line("keys", str(has["keys"]), usd("key", has["keys"])),
        Line("alarms", str(has["alarms"]), usd("alarm", has["alarms"])),
        Line("firewalls, rules", f"{has['firewalls']}, {has['firewall_rules']}",
             usd("firewall", has["firewalls"]) + usd("firewall_rule", has["firewall_rules"])),
        Line("queues that are polled", str(has["polled_queues"]),
             usd("sqs_request", has["polled_queues"] * POLLS_OF_A_QUEUE)),
    ]


def rotations(environment: str) -> float:
    """More a month after two years: KMS charges for the first and the second rotation of each key."""
    return usd("key_rotation", 2 * STANDING[environment]["rotating_keys"])


def total(lines: list[Line]) -> float:
    return sum(line.usd for line in lines)
