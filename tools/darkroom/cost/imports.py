"""Photos of another bucket: what bringing them in costs beside developing them, and how long it takes (ADR 62)."""
import json
from dataclasses import replace

from darkroom.cost.month import Line, parts
from darkroom.cost.photo import FUNCTIONS, Load
from darkroom.cost.prices import usd
from darkroom.cost.table import number
from darkroom.simulate.rules import SETTINGS

IMPORTS = json.loads(SETTINGS.read_text(encoding="utf-8"))["imports"]
# Of a batch: into its three states, and once more around when its 45 seconds are over.
TRANSITIONS_OF_A_BATCH = 6
# The record, up to 2 KB; what the index of unfinished photos takes is counted with developing.
WRITES = 2
# Whether photo and account were deleted, consistently; and the record each second until it has ended, at half a unit.
READS = 2 + IMPORTS["photo_s"] / 2
# S3 is listed to count, and again to hand out; a thousand keys each.
LISTS = 2 / 1000


def bringing(load: Load) -> list[Line]:
    """The copy itself is the PUT that developing counts already, and its ticket's requests are not made."""
    photos, window = load.photos, IMPORTS["window"]
    batches = photos / IMPORTS["batch_size"]
    seconds = IMPORTS["photo_s"] / window * FUNCTIONS["bring"]["memory_mb"] / 1024
    return [
        Line("Step Functions", f"{number(batches)} batches, {TRANSITIONS_OF_A_BATCH} transitions each",
             usd("transition", batches * TRANSITIONS_OF_A_BATCH)),
        Line("Lambda", f"{number(seconds)} GB-s each, while it waits", usd("lambda_gb_s", photos * seconds)),
        Line("DynamoDB", f"{WRITES} write units each, {number(READS)} read units",
             usd("write_unit", photos * WRITES) + usd("read_unit", photos * READS)),
        Line("S3, lists", f"{number(photos * LISTS)} of a thousand keys", usd("s3_put", photos * LISTS)),
    ]


def developing(load: Load) -> float:
    return parts(replace(load, views=0)).developing


def pace(executions_in_flight: int) -> float:
    """Photos a second, by half of the executions in flight."""
    return min(max(1, executions_in_flight // 2) / IMPORTS["photo_s"], IMPORTS["photos_per_second"])
