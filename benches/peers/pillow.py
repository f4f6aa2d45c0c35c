"""Pillow at its best: the decoder's own shrinking, then a cascade. pillow.py WORK FOLDER PHOTO RECIPE LOGO"""

import json
import sys
from pathlib import Path

from PIL import Image, ImageOps

_, folder, photo, recipe, logo_path = sys.argv[1:]
VARIANTS = sorted(json.loads(Path(recipe).read_text())["variants"], key=lambda v: -v["longest_side"])


def inside(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1, side / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def marked(image: Image.Image, logo: Image.Image) -> Image.Image:
    long = max(image.size)
    mark = logo.resize((round(long * 0.2),) * 2, Image.Resampling.LANCZOS)
    margin = round(long * 0.02)
    out = image.copy()
    out.paste(mark, (image.width - mark.width - margin, image.height - mark.height - margin), mark)
    return out


def once() -> None:
    image = Image.open(photo)
    image.draft("RGB", inside(image.size, VARIANTS[0]["longest_side"]))
    image = ImageOps.exif_transpose(image).convert("RGB")
    logo = Image.open(logo_path)
    for variant in VARIANTS:
        image = image.resize(inside(image.size, variant["longest_side"]), Image.Resampling.LANCZOS)
        out = image if variant.get("watermark") is False else marked(image, logo)
        path = Path(folder) / variant["name"]
        if variant.get("format") == "webp":
            out.save(path.with_suffix(".webp"), quality=variant["quality"], method=4)
        else:
            out.save(path.with_suffix(".jpg"), quality=variant["quality"], subsampling="4:2:0")


for _ in sys.stdin:  # a photo for each line
    once()
    print("done", flush=True)
