"""ImageMagick, one process for all sizes. magick.py MAGICK WORK FOLDER PHOTO RECIPE LOGO"""

import json
import subprocess
import sys
from pathlib import Path

magick, _, folder, photo, recipe, logo = sys.argv[1:]
VARIANTS = sorted(json.loads(Path(recipe).read_text())["variants"], key=lambda v: -v["longest_side"])


def command() -> list[str]:
    side = VARIANTS[0]["longest_side"]
    made = [magick, "-limit", "thread", "1", "-define", f"jpeg:size={side}x{side}", photo, "-auto-orient"]
    for variant in VARIANTS:
        side = variant["longest_side"]
        made += ["-resize", f"{side}x{side}>", "(", "+clone"]
        if variant.get("watermark") is not False:
            mark = round(side * 0.2)
            made += ["(", logo, "-resize", f"{mark}x{mark}", ")", "-gravity", "southeast", "-composite"]
        ending = "webp" if variant.get("format") == "webp" else "jpg"
        made += ["-sampling-factor", "4:2:0", "-quality", str(variant["quality"])]
        made += ["-write", f"{folder}/{variant['name']}.{ending}", "+delete", ")"]
    return [*made, "null:"]


for _ in sys.stdin:  # a photo for each line
    subprocess.run(command(), stdin=subprocess.DEVNULL, check=True)
    print("done", flush=True)
