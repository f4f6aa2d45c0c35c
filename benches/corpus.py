"""The photos of the bench. One CC0 photo from a Debian package; everything else is made of it."""

import shutil
import subprocess
from pathlib import Path

PACKAGE = "lomiri-wallpapers-16.04"
PHOTO = "usr/share/backgrounds/seeding_by_Clements_Engelhardt.jpg"
ORIGIN = (
    f"`{PHOTO.rsplit('/', 1)[-1]}` of Debian's package `{PACKAGE}` "
    "(Clemens Engelhardt, 2018, CC0-1.0 by the package's copyright file)"
)
FALLBACK = Path(__file__).parent.parent / "fixtures/images/dandelion.jpg"

# Run by the peers' Python, which has Pillow.
MAKE = """
import sys
from PIL import Image, ImageDraw
source, out = sys.argv[1:]
photo = Image.open(source).convert("RGB")
if photo.width < 4000:
    photo = photo.resize((5312, round(photo.height * 5312 / photo.width)), Image.Resampling.LANCZOS)
photo.save(f"{out}/16mp.jpg", quality=90)
twelve = photo.resize((4608, round(photo.height * 4608 / photo.width)), Image.Resampling.LANCZOS)
twelve.save(f"{out}/12mp.jpg", quality=90)
twelve.save(f"{out}/progressive.jpg", quality=90, progressive=True)
twelve.save(f"{out}/photo.png")
twelve.save(f"{out}/photo.webp", quality=90)
# Larger than any mark, so that no contender has to enlarge it.
logo = Image.new("RGBA", (1024, 1024))
draw = ImageDraw.Draw(logo)
draw.ellipse((40, 40, 984, 984), outline=(255, 255, 255, 230), width=90)
draw.polygon([(512, 200), (800, 700), (224, 700)], fill=(255, 255, 255, 160))
logo.resize((512, 512), Image.Resampling.LANCZOS).save(f"{out}/logo.png")
"""


def build(cache: Path, python: Path) -> tuple[Path, str]:
    """The folder of the photos, and where they come from."""
    folder = cache / "corpus"
    note = folder / "ORIGIN"
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        source, origin = _photo(cache)
        subprocess.run([python, "-c", MAKE, source, folder], check=True)
        note.write_text(origin)
    return folder, note.read_text()


def _photo(cache: Path) -> tuple[Path, str]:
    unpacked = cache / "package" / PHOTO
    if not unpacked.exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        package = cache / "package"
        package.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", PACKAGE], cwd=package, check=False, capture_output=True)
        for file in package.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", file, package], check=False)
    if unpacked.exists():
        return unpacked, ORIGIN
    print("the Debian package is out of reach: an enlarged fixture stands in, and the page will say so")
    return FALLBACK, f"`{FALLBACK.name}` of our own fixtures, ENLARGED, because the Debian package was out of reach"
