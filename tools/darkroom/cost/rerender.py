"""What it takes to make the variants of a ready photo again: statemachine/rerender.asl.json. The workers' figures are
those of an upload; the visits of `rerender` are taken for calls like those of `webhook`, which read one record too."""

import math

from darkroom.cost.month import Line
from darkroom.cost.photo import ASSUMED, PHOTO, Load, billed_ms, gb_seconds
from darkroom.cost.prices import usd
from darkroom.cost.workflow import EXPRESS_CHUNK_MB, EXPRESS_CHUNK_MS

WORKERS = ("resize", "watermark")
VISIT = "webhook"
STATES = 7  # of the happy path of one item
# The write of the record of 2 KB, and of its copy in the index `ready`, whose facts have other bytes.
WRITE_UNITS = 3
# The record and the mark of a stop, consistently; a hundredth of a page of the index, and the record once more.
READ_UNITS = 2.6
SUPERSEDED_DAYS = 7


def took_ms(mb: float) -> float:
    """From the visit to the publication."""
    calls = sum(billed_ms(name, mb) for name in (VISIT, *WORKERS))
    return calls + ASSUMED["call_wait_ms"] + (STATES - 1) * ASSUMED["between_states_ms"]


def lines(load: Load) -> list[Line]:
    """The largest first."""
    n = load.photos
    gb_s = sum(gb_seconds(name, load.mb) for name in (VISIT, *WORKERS, "announce"))
    puts = sum(PHOTO["calls"][name].get("s3:PutObject", 0) for name in WORKERS)
    gets = sum(
        PHOTO["calls"][name].get(action, 0) for name in WORKERS for action in ("s3:GetObject", "s3:GetObjectVersion")
    )
    chunks = math.ceil(took_ms(load.mb) / EXPRESS_CHUNK_MS)
    memory = math.ceil(ASSUMED["express_memory_mb"] / EXPRESS_CHUNK_MB) * EXPRESS_CHUNK_MB
    express_gb_s = chunks * EXPRESS_CHUNK_MS / 1000 * memory / 1024
    old_gb = n * ASSUMED["variants_mb"] / 1000 * SUPERSEDED_DAYS / 30
    log_gb = n * ASSUMED["log_kb"] / 2 / 1e6
    found = [
        Line(
            "Step Functions",
            "1 Express execution each",
            usd("express_request", n) + usd("express_gb_s", n * express_gb_s),
        ),
        Line("Lambda", f"{gb_s:.2f} GB-s each, 4 calls", usd("lambda_gb_s", n * gb_s) + usd("lambda_request", n * 4)),
        Line("S3, requests", f"{puts} PUT each, {gets} GET each", usd("s3_put", n * puts) + usd("s3_get", n * gets)),
        Line("S3, old variants", f"{old_gb * 30 / SUPERSEDED_DAYS:.1f} GB for a week", usd("s3_gb_month", old_gb)),
        Line(
            "DynamoDB",
            f"{WRITE_UNITS} write units each, {READ_UNITS} read units",
            usd("write_unit", n * WRITE_UNITS) + usd("read_unit", n * READ_UNITS),
        ),
        Line("X-Ray", "2 traces each at most", usd("trace", n * 2)),
        Line("CloudTrail", f"{puts + gets} data events each", usd("data_event", n * (puts + gets))),
        Line("CloudWatch Logs", f"{ASSUMED['log_kb'] / 2:g} KB each", usd("log_gb", log_gb)),
    ]
    return sorted(found, key=lambda line: -line.usd)
