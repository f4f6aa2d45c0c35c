"""libvips by pyvips: its thumbnail for the largest size, then a cascade. vips.py WORK FOLDER PHOTO RECIPE LOGO"""

import json
import os
import sys
from pathlib import Path

os.environ["VIPS_CONCURRENCY"] = "1"
import pyvips

_, folder, photo, recipe, logo_path = sys.argv[1:]
VARIANTS = sorted(json.loads(Path(recipe).read_text())["variants"], key=lambda v: -v["longest_side"])
pyvips.cache_set_max(0)


def marked(image: pyvips.Image, logo: bytes) -> pyvips.Image:
    long = max(image.width, image.height)
    mark = pyvips.Image.thumbnail_buffer(logo, round(long * 0.2))
    margin = round(long * 0.02)
    x, y = image.width - mark.width - margin, image.height - mark.height - margin
    return image.composite2(mark, "over", x=x, y=y).flatten()


def once() -> None:
    logo = Path(logo_path).read_bytes()
    side = VARIANTS[0]["longest_side"]
    image = pyvips.Image.thumbnail(photo, side, height=side, size="down").copy_memory()
    for variant in VARIANTS:
        side = variant["longest_side"]
        if side < max(image.width, image.height):
            image = image.thumbnail_image(side, height=side).copy_memory()
        out = image if variant.get("watermark") is False else marked(image, logo)
        path = Path(folder) / variant["name"]
        if variant.get("format") == "webp":
            out.webpsave(str(path.with_suffix(".webp")), Q=variant["quality"])
        else:
            out.jpegsave(str(path.with_suffix(".jpg")), Q=variant["quality"], subsample_mode="on")


for _ in sys.stdin:  # a photo for each line
    once()
    print("done", flush=True)
