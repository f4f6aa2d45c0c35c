"""How near each contender's files are to a reference that spares nothing: decoded in full, Lanczos3, no cascade."""

import json
import subprocess
from pathlib import Path

# Run by the peers' Python. One line for each file: width, height, reference and picture as raw RGB.
RAW = """
import json, sys
from pathlib import Path
from PIL import Image
photo, out, files = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
full = Image.open(photo).convert("RGB")
for name, path in files.items():
    picture = Image.open(path).convert("RGB")
    reference = out / f"{name}-{picture.width}x{picture.height}.rgb"
    if not reference.exists():
        reference.write_bytes(full.resize(picture.size, Image.Resampling.LANCZOS).tobytes())
    raw = out / f"{name}.rgb"
    raw.write_bytes(picture.tobytes())
    print(json.dumps([name, picture.width, picture.height, str(reference), str(raw)]))
"""


def scores(python: Path, score: Path, photo: Path, folder: Path, files: dict[str, Path]) -> dict[str, float]:
    """SSIMULACRA2 of each file."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = json.dumps({name: str(path) for name, path in files.items()})
    listed = subprocess.run([python, "-c", RAW, photo, folder, paths], capture_output=True, text=True, check=True)
    found = {}
    for line in listed.stdout.splitlines():
        name, width, height, reference, raw = json.loads(line)
        command = [score, str(width), str(height), reference, raw]
        found[name] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found
