"""The table of docs/adr/0015-avif.md: AVIF encoders at 1024 pixels, one thread, beside today's formats.

python3 -m benches.avif.measure   (after `make bench`, whose photo, peers and score it uses)
"""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

from benches import bench, quality

HERE = Path(__file__).parent

PHOTO = bench.CACHE / "corpus/12mp.jpg"
PYTHON = bench.CACHE / "venv/bin/python"
OUT = bench.CACHE / "avif"
SHRINK = """
import sys
from PIL import Image
photo, raw, png = sys.argv[1:]
picture = Image.open(photo).convert("RGB")
picture = picture.resize((1024, round(picture.height * 1024 / picture.width)), Image.Resampling.LANCZOS)
picture.save(png)
open(raw, "wb").write(picture.width.to_bytes(4, "little") + picture.height.to_bytes(4, "little") + picture.tobytes())
"""
SHARP = """
import { createRequire } from 'node:module';
const [cache, png, work, out] = process.argv.slice(2);
const sharp = createRequire(cache + '/')('sharp');
sharp.concurrency(1);
const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
const [format, options] = JSON.parse(work);
const begun = process.cpuUsage();
await sharp(data, { raw: info }).toFormat(format, options).toFile(out);
const used = process.cpuUsage(begun);
console.log((used.user + used.system) / 1000);
"""
# Encoder, and its speeds from fast to slow.
RUST = {"maroontree": [0, 1], "ravif": [10, 8], "gamut": [3]}
SHARPS = {
    "JPEG 82": ["jpeg", {"quality": 82}],
    "WebP 80": ["webp", {"quality": 80, "effort": 4}],
    "sharp AVIF 65, effort 0": ["avif", {"quality": 65, "effort": 0, "chromaSubsampling": "4:2:0"}],
    "sharp AVIF 65, effort 4": ["avif", {"quality": 65, "effort": 4, "chromaSubsampling": "4:2:0"}],
}


def built(encoder: str) -> Path:
    target = OUT / f"target-{encoder}"
    manifest = HERE / "Cargo.toml"
    build = ["cargo", "build", "--release", "--locked", "--features", encoder, "--manifest-path", manifest]
    subprocess.run(build, env={**os.environ, "CARGO_TARGET_DIR": str(target)}, check=True)
    return target / "release/avif"


def cpu_ms(command: list) -> float:
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return (usage.ru_utime + usage.ru_stime) * 1000


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    raw, png = OUT / "1024.rgb", OUT / "1024.png"
    subprocess.run([PYTHON, "-c", SHRINK, PHOTO, raw, png], check=True)
    width, height = struct.unpack("<II", raw.read_bytes()[:8])
    rows: dict[str, tuple[float, Path]] = {}
    script = OUT / "sharp.mjs"
    script.write_text(SHARP)
    for name, work in SHARPS.items():
        path = OUT / f"{name.replace(' ', '-')}.{work[0]}"
        command = ["node", script, bench.CACHE, png, json.dumps(work), path]
        rows[name] = (float(subprocess.run(command, capture_output=True, text=True, check=True).stdout), path)
    for encoder, speeds in RUST.items():
        binary = built(encoder)
        print(f"{encoder}: binary {binary.stat().st_size / 1e6:.1f} MB", file=sys.stderr)
        for speed in speeds:
            for quality_ in (65, 70, 80):
                path = OUT / f"{encoder}-{speed}-{quality_}.avif"
                took = cpu_ms([binary, raw, str(quality_), str(speed), path])
                rows[f"{encoder} {quality_}, speed {speed}"] = (took, path)
    files = {name: path for name, (_, path) in rows.items()}
    scores = quality.scores(PYTHON, bench.score_binary(), PHOTO, OUT / "raw", files)
    print(f"{width} x {height}\n\n| | CPU ms | KB | SSIMULACRA2 |\n|---|---|---|---|")
    for name, (took, path) in rows.items():
        print(f"| {name} | {took:.0f} | {path.stat().st_size / 1024:.1f} | {scores[name]:.1f} |")


if __name__ == "__main__":
    main()
