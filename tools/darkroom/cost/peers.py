"""What others charge for the same load: a month's photos, their four sizes, and each look. Each says what its price
holds, because no two hold the same. Plans are in peers.json; sharp's times are read from docs/BENCHMARKS.md."""
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from darkroom.cost.month import of_photos, standing, total
from darkroom.cost.photo import ASSUMED, Load
from darkroom.cost.prices import HOURS, usd
from darkroom.paths import REPOSITORY

PEERS = json.loads(Path(__file__).with_name("peers.json").read_text(encoding="utf-8"))
SIZES = 4
FOUR, ONE = "## 12 MP JPEG → four watermarked JPEG variants", "## 12 MP JPEG → one JPEG of 800 px"


@dataclass(frozen=True)
class Peer:
    name: str
    usd: float | None  # None: no plan on the list is large enough
    holds: str


def peers(load: Load, environment: str) -> Iterator[Peer]:
    ours = total(of_photos(load)) + total(standing(environment))
    yield Peer(f"Darkroom, {environment}", ours,
               "upload, checks, four marked sizes, records, gallery, delivery, alarms; no support")
    yield Peer("sharp in a Lambda", sharp_in_a_lambda(load),
               "four sizes, storage, delivery from S3; no API, checks, retries, records or alarms")
    yield Peer("Dynamic Image Transformation (AWS)", on_demand(load),
               "each size once on demand, storage, CloudFront; no upload, records or gallery")
    plan, price = cloudinary(load)
    yield Peer(f"Cloudinary, {plan}", price, "upload, sizes, storage, delivery by CDN, support; nothing to operate")
    plan, price = imgix(load)
    yield Peer(f"imgix, {plan}, originals in S3", price, "sizes, their cache, a CDN, support; no upload or gallery")
    yield Peer("Immich on one EC2 t3.large", immich(load),
               "upload, gallery, search by faces; one server to operate, no second zone, no backup")


# ------------------------------------------------------------------------------------------------------------- services


def credits_of(load: Load, of: dict, stored_gb: float) -> float:
    return (load.photos * SIZES / of["transformations"] + stored_gb / of["stored_gb"]
            + load.downloaded_gb() / of["delivered_gb"])


def cloudinary(load: Load) -> tuple[str, float | None]:
    """The smallest plan that holds the month's credits. Above the largest, the price is not on the list."""
    said = PEERS["cloudinary"]
    needed = credits_of(load, said["credit"], load.photos * (load.mb + ASSUMED["variants_mb"]) / 1000)
    fits = [plan for plan in said["plans"] if plan["credits"] >= needed]
    return (fits[0]["name"], fits[0]["usd"]) if fits else ("Enterprise", None)


def imgix(load: Load) -> tuple[str, float]:
    """The cheapest plan with the credits beyond it; the cache has the sizes, and S3 the originals."""
    said = PEERS["imgix"]
    needed = credits_of(load, said["credit"], load.photos * ASSUMED["variants_mb"] / 1000)
    prices = {plan["name"]: plan["usd"] + max(0, needed - plan["credits"]) * plan["more_usd"] for plan in said["plans"]}
    cheapest = min(prices, key=prices.get)
    originals = load.photos * load.mb / 1000
    return cheapest, prices[cheapest] + usd("s3_gb_month", originals) + usd("s3_put", load.photos)


# --------------------------------------------------------------------------------------------------- at AWS, with sharp


def sharp_in_a_lambda(load: Load) -> float:
    """An upload's event starts one function that reads the original and writes four sizes."""
    moved = load.mb + ASSUMED["variants_mb"]
    seconds = sharp_gb_s(sharp_ms(FOUR, PEERS["sharp"]["four_sizes_row"]), moved, requests=1 + SIZES)
    looks = load.photos * load.views
    kept = load.photos * moved / 1000
    return (usd("lambda_gb_s", load.photos * seconds) + usd("lambda_request", load.photos)
            + usd("s3_put", load.photos * (1 + SIZES)) + usd("s3_get", load.photos + looks)
            + usd("s3_gb_month", kept) + usd("transfer_gb", load.downloaded_gb()))


def on_demand(load: Load) -> float:
    """AWS's solution: CloudFront keeps each size after the first request, which went to API Gateway and a Lambda."""
    seconds = sharp_gb_s(sharp_ms(ONE, PEERS["sharp"]["one_size_row"]), load.mb, requests=1)
    renders, looks = load.photos * SIZES, load.photos * load.views
    return (usd("lambda_gb_s", renders * seconds) + usd("lambda_request", renders) + usd("api_request", renders)
            + usd("s3_get", renders) + usd("s3_put", load.photos) + usd("s3_gb_month", load.photos * load.mb / 1000)
            + usd("cloudfront_request", max(renders, looks)) + usd("cloudfront_gb", load.downloaded_gb()))


def sharp_gb_s(cpu_ms: float, moved_mb: float, requests: int) -> float:
    memory = PEERS["sharp"]["memory_mb"]
    share = min(1, memory / ASSUMED["core_mb"])
    took = cpu_ms / share + requests * ASSUMED["s3_wait_ms"] + moved_mb / ASSUMED["s3_mb_s"] * 1000
    return took / 1000 * memory / 1024


def sharp_ms(chapter: str, row: str) -> float:
    """CPU of each further photo, as `make bench` measured it."""
    text = (REPOSITORY / "docs/BENCHMARKS.md").read_text(encoding="utf-8").partition(chapter)[2].partition("\n## ")[0]
    return float(re.search(rf"^\| {re.escape(row)} \| (\d+) \|", text, re.MULTILINE)[1])


# ----------------------------------------------------------------------------------------------------------- one server


def immich(load: Load) -> float:
    disk = load.photos * (load.mb + ASSUMED["variants_mb"]) / 1000 + PEERS["immich"]["disk_beside_photos_gb"]
    return usd("server_hour", HOURS) + usd("disk_gb_month", disk) + usd("transfer_gb", load.downloaded_gb())
