"""What one photo uses of AWS on its way to `ready`, and what one look at it uses.

photo.json has the counts: tests/tools/test_happy_path.py compares them with the AWS calls that the end-to-end tests
recorded, and tests/e2e/test_hundred.py with the requests of a hundred photos. The transitions and the memory of the
functions come from the files that Terraform deploys."""
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from darkroom.simulate.rules import SETTINGS, rendered

PHOTO = json.loads(Path(__file__).with_name("photo.json").read_text(encoding="utf-8"))
ASSUMED = PHOTO["assumed"]
FUNCTIONS = json.loads(SETTINGS.read_text(encoding="utf-8"))["functions"]
WORKERS = ("validate", "resize", "watermark")


@dataclass(frozen=True)
class Load:
    """A month: so many photos of so many megabytes, and each is looked at so many times."""

    photos: int
    mb: float
    views: float = 1
    delivery: str = "s3"  # or "cloudfront": the variants' links

    def downloaded_gb(self) -> float:
        """A look downloads the large variant."""
        return self.photos * self.views * ASSUMED["variants_mb"] * ASSUMED["large_share"] / 1000

    def kept_gb(self) -> float:
        """Originals, variants, and the work files, which live for days."""
        work = ASSUMED["work_mb"] * ASSUMED["work_days"] / 30
        return self.photos * (self.mb + ASSUMED["variants_mb"] + work) / 1000


def transitions() -> int:
    """One into each state of the happy path, and one to its end."""
    machine = rendered()
    entered, name = 0, machine["StartAt"]
    while name:
        entered, name = entered + 1, machine["States"][name].get("Next")
    return entered + 1


def requests(action: str) -> int:
    """Of all functions and of the client, for one photo: `s3:PutObject`; `s3:GetObject` is of any version."""
    wanted = {action, action + "Version"}
    made = Counter(PHOTO["client"])
    for calls in PHOTO["calls"].values():
        made.update(calls)
    return sum(count for name, count in made.items() if name in wanted)


def moved_mb(function: str, original_mb: float) -> float:
    """To and from S3."""
    work, variants = ASSUMED["work_mb"], ASSUMED["variants_mb"]
    moved = {"validate": ASSUMED["header_mb"], "resize": original_mb + work, "watermark": work + variants}
    return moved.get(function, 0)


def billed_ms(function: str, original_mb: float) -> float:
    """The measured CPU time on the share of a core that the memory buys, and the waiting for other services."""
    share = min(1, FUNCTIONS[function]["memory_mb"] / ASSUMED["core_mb"])
    waiting = 0.0
    for action, count in PHOTO["calls"].get(function, {"dynamodb:GetItem": 1}).items():
        waiting += count * ASSUMED["s3_wait_ms" if action.startswith("s3:") else "call_wait_ms"]
    moving = moved_mb(function, original_mb) / ASSUMED["s3_mb_s"] * 1000
    return PHOTO["measured"]["cpu_ms"][function] / share + waiting + moving


def gb_seconds(function: str, original_mb: float) -> float:
    """Of one call."""
    return billed_ms(function, original_mb) / 1000 * FUNCTIONS[function]["memory_mb"] / 1024


def calls_of_functions(views: float) -> Counter:
    looks = Counter({name: count * views for name, count in PHOTO["view"]["invocations"].items()})
    return Counter(PHOTO["invocations"]) + looks
