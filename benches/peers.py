"""Whom the engine is measured against: installed from their packages into the cache, never into the project."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent / "peers"
SHARP = "0.35.5"
PYTHON_PACKAGES = ["pillow==13.0.0", "pyvips==3.2.0", "pyvips-binary==8.18.7"]


@dataclass
class Contender:
    """One program, in one way of using it."""

    name: str
    start: list[str]
    work: str
    environment: dict[str, str] = field(default_factory=dict)
    takes_logo: bool = True

    def command(self, folder: Path, photo: Path, recipe: Path, logo: Path) -> list[str]:
        logos = [str(logo)] if self.takes_logo else []
        return [*self.start, self.work, str(folder), str(photo), str(recipe), *logos]


def install(cache: Path) -> Path:
    """Installs what is not there yet; gives the Python of the peers."""
    python = cache / "venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", cache / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PYTHON_PACKAGES], check=True)
    if not (cache / "node_modules/sharp").exists():
        (cache / "package.json").write_text(json.dumps({"private": True}))
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", f"sharp@{SHARP}"], cwd=cache, check=True
        )
    return python


def imagemagick() -> tuple[str, str] | None:
    """Its program and version, where it is installed. Other programs have the name `convert` too."""
    for name in ("magick", "convert"):
        if program := shutil.which(name):
            said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stdout
            if said.startswith("Version: ImageMagick"):
                return program, said.removeprefix("Version: ").split(" Q")[0]
    return None


def contenders(cache: Path, ours: Path, python: Path) -> dict[str, Contender]:
    sharp = ["node", str(HERE / "sharp.mjs")]
    peers = {"PEERS": str(cache)}
    found = {
        "darkroom": Contender("Darkroom", [str(ours)], "process", takes_logo=False),
        "workers": Contender("Darkroom, three workers' stages", [str(ours)], "workers", takes_logo=False),
        "sharp": Contender("sharp at its best: one decode, cascade", sharp, "cascade", peers),
        "sharp-each": Contender("sharp, one pipeline for each size", sharp, "each", peers),
        "sharp-hasty": Contender(
            "sharp at its best, AVIF at its least effort", sharp, "cascade", {**peers, "EFFORT": "0"}
        ),
        "pillow": Contender("Pillow: shrinking decode, cascade", [str(python), str(HERE / "pillow.py")], "cascade"),
        "vips": Contender("libvips (pyvips): thumbnail, cascade", [str(python), str(HERE / "vips.py")], "cascade"),
    }
    if magick := imagemagick():
        script = [sys.executable, str(HERE / "magick.py"), magick[0]]
        found["magick"] = Contender("ImageMagick: one decode, cascade", script, "cascade")
    return found


def versions(cache: Path, python: Path) -> str:
    sharp = json.loads((cache / "node_modules/sharp/package.json").read_text())["version"]
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    names = "import PIL, pyvips; print(PIL.__version__, '.'.join(str(pyvips.version(n)) for n in range(3)))"
    pillow, vips = subprocess.run([python, "-c", names], capture_output=True, text=True, check=True).stdout.split()
    magick = imagemagick()
    last = magick[1] if magick else "ImageMagick is measured where it is installed; here it is not"
    return f"sharp {sharp} on Node {node}, Pillow {pillow}, libvips {vips} by pyvips, {last}"
