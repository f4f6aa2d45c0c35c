"""`make bench`: the engine beside its peers, and docs/BENCHMARKS.md written anew.

python3 -m benches.bench [--rounds 9] [--as-built]   (--as-built takes the binaries that lie in the target folder)
"""

import argparse
import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from benches import corpus, count, measure, peers, quality, report, start

ROOT = Path(__file__).parent.parent
CACHE = Path(os.environ.get("DARKROOM_BENCH", ROOT / ".local/bench")).absolute()
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORKERS = ["validate", "resize", "watermark"]
SIDES = {"thumbnail": 200, "small": 480, "medium": 1024, "large": 2048}
EVERYBODY = ["darkroom", "sharp", "sharp-each", "pillow", "vips", "magick"]
BEST = ["darkroom", "sharp"]
WITH_AVIF = [*BEST, "sharp-hasty"]
SCORED = {"bare": EVERYBODY, "bare-webp": BEST, "bare-avif": WITH_AVIF}

# What is done: title, photo, recipe, who takes part, who is 1.00.
WORKS = {
    "four": ("12 MP JPEG → four watermarked JPEG variants", "12mp.jpg", "jpeg", [*EVERYBODY, "workers"], "sharp"),
    "four-16": ("16 MP JPEG → the same", "16mp.jpg", "jpeg", ["darkroom", "sharp", "sharp-each"], "sharp"),
    "one": (
        "12 MP JPEG → one JPEG of 800 px",
        "12mp.jpg",
        "one",
        ["darkroom", "sharp-each", "pillow", "vips"],
        "sharp-each",
    ),
    "progressive": (
        "12 MP progressive JPEG → four watermarked JPEG variants",
        "progressive.jpg",
        "jpeg",
        BEST,
        "sharp",
    ),
    "webp": ("12 MP JPEG → four watermarked lossy WebP variants", "12mp.jpg", "webp", BEST, "sharp"),
    "avif": ("12 MP JPEG → four watermarked AVIF variants", "12mp.jpg", "avif", WITH_AVIF, "sharp"),
    "png-in": ("12 MP PNG → four watermarked JPEG variants", "photo.png", "jpeg", BEST, "sharp"),
    "webp-in": ("12 MP lossy WebP → four watermarked JPEG variants", "photo.webp", "jpeg", BEST, "sharp"),
}


def build(as_built: bool) -> None:
    if as_built:
        return
    build_contender()
    # Of the whole workspace, which gives them the features that they ship with.
    cargo("--workspace", *(f"--bin={name}" for name in WORKERS))
    cargo("--manifest-path", str(ROOT / "benches/score/Cargo.toml"))


def build_contender() -> None:
    cargo("-p", "darkroom-imaging", "--example", "contender")


def cargo(*what: str) -> None:
    # The flags that ship, whatever else the shell overrides.
    plain = {key: value for key, value in os.environ.items() if not key.startswith("CARGO_PROFILE_RELEASE_")}
    subprocess.run(["cargo", "build", "--release", "--locked", *what], cwd=ROOT, env=plain, check=True)


def score_binary() -> Path:
    own = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "benches/score/target"))
    return own / "release/score"


def recipes(photos: Path, folder: Path = CACHE) -> dict[str, Path]:
    logo = base64.b64encode((photos / "logo.png").read_bytes()).decode()
    mark = {"logo": logo, "position": "bottom-right", "size": 0.2, "margin": 0.02}
    made = {
        "jpeg": {"variants": _four("jpeg", 82), "watermark": mark},
        "webp": {"variants": _four("webp", 80), "watermark": mark},
        "avif": {"variants": _four("avif", 65), "watermark": mark},
        "one": {"variants": [{"name": "one", "longest_side": 800, "quality": 82, "watermark": False}]},
        "bare": {"variants": [{**variant, "watermark": False} for variant in _four("jpeg", 82)]},
        "bare-webp": {"variants": [{**variant, "watermark": False} for variant in _four("webp", 80)]},
        "bare-avif": {"variants": [{**variant, "watermark": False} for variant in _four("avif", 65)]},
    }
    for name, recipe in made.items():
        (folder / f"{name}.json").write_text(json.dumps(recipe))
    return {name: folder / f"{name}.json" for name in made}


def _four(form: str, quality_: int) -> list[dict[str, object]]:
    return [{"name": name, "longest_side": side, "quality": quality_, "format": form} for name, side in SIDES.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--as-built", action="store_true")
    arguments = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    build(arguments.as_built)
    python = peers.install(CACHE)
    photos, origin = corpus.build(CACHE, python)
    everybody = peers.contenders(CACHE, TARGET / "release/examples/contender", python)
    recipe = recipes(photos)

    def work(photo: str, recipe_name: str, folder: str) -> measure.Work:
        return measure.Work(photos / photo, recipe[recipe_name], photos / "logo.png", CACHE / "out" / folder)

    def compare(names: list[str], photo: str, recipe_name: str, rounds: int, folder: str) -> dict[str, measure.Result]:
        entries = {name: everybody[name] for name in names if name in everybody}
        return measure.compare(entries, work(photo, recipe_name, folder), rounds)

    tables = []
    for key, (title, photo, recipe_name, names, base) in WORKS.items():
        print(f"{key}: {title}", file=sys.stderr, flush=True)
        # sharp needs seven seconds for one photo as AVIF: once is enough to see by how much.
        rounds = 1 if key == "avif" else arguments.rounds
        results = compare(names, photo, recipe_name, rounds, key)
        if key != "avif":
            for name, result in results.items():
                result.instructions = count.for_each_further(name, result.contender, work(photo, recipe_name, key))
        tables.append(report.Table(key, title, results, base))
    scored = {}
    for form, names in SCORED.items():
        results = compare(names, "12mp.jpg", form, 1, form)
        scored[form] = {
            name: (
                result.contender.name,
                quality.scores(python, score_binary(), photos / "12mp.jpg", CACHE / "raw", result.files),
                {file: path.stat().st_size for file, path in result.files.items()},
            )
            for name, result in results.items()
        }
    starts = [start.measure(TARGET / "release" / name, 15) for name in WORKERS]
    (CACHE / "results.json").write_text(json.dumps(report.plain(tables, scored, starts), indent=1))
    page = report.page(tables, scored, starts, origin, peers.versions(CACHE, python), arguments.rounds)
    (ROOT / "docs/BENCHMARKS.md").write_text(page)
    print("docs/BENCHMARKS.md is written", file=sys.stderr)


if __name__ == "__main__":
    main()
