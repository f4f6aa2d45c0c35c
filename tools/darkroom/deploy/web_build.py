"""Builds the web app: `npm ci` when the lock file changed, Vite when a source did. One build serves every environment,
since only config.json differs between them."""
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from darkroom import console, requirements
from darkroom.console import Failure
from darkroom.locks import only_one
from darkroom.paths import REPOSITORY

WEB = REPOSITORY / "web"
DIST = WEB / "dist"
MODULES = WEB / "node_modules"
LOCK = WEB / "package-lock.json"
INSTALLED = MODULES / ".darkroom.sha256"
BUILT = MODULES / ".darkroom-dist.sha256"
SOURCES = ("web/index.html", "web/vite.config.ts", "web/tsconfig.json", "web/package.json", "web/package-lock.json",
           "web/public", "web/src", "settings/identity.json")


def build() -> None:
    wanted = fingerprint()
    if _says(BUILT, wanted) and (DIST / "index.html").is_file():
        return
    requirements.ensure("node")
    locks = REPOSITORY / ".local"
    locks.mkdir(exist_ok=True)
    with only_one(locks / "web.lock"):
        if _says(BUILT, wanted) and (DIST / "index.html").is_file():
            return  # another command has built it meanwhile
        install()
        fresh, old = WEB / "dist.new", WEB / "dist.old"
        for left in (fresh, old):
            shutil.rmtree(left, ignore_errors=True)
        _npm("vite build", "exec", "--offline", "--", "vite", "build", "--outDir", str(fresh), "--emptyOutDir")
        # Built beside the old one, so that a server never finds half of it.
        if DIST.exists():
            DIST.rename(old)
        fresh.rename(DIST)
        shutil.rmtree(old, ignore_errors=True)
        BUILT.write_text(wanted)


def install() -> None:
    """Installs the packages of the lock file, from npm's own cache where they are in it."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if _says(INSTALLED, wanted):
        return
    _npm("npm ci", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts")
    INSTALLED.write_text(wanted)


def fingerprint() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        path = REPOSITORY / source
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and ".test." not in file.name:
                digest.update(f"{file.relative_to(REPOSITORY)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _says(marker: Path, wanted: str) -> bool:
    return marker.exists() and marker.read_text() == wanted


def _npm(title: str, *arguments: str) -> None:
    # A plain log: colours would come out as codes in a message.
    environment = os.environ | {"NO_COLOR": "1", "FORCE_COLOR": "0", "npm_config_update_notifier": "false"}
    done = subprocess.run(["npm", "--prefix", str(WEB), *arguments], cwd=WEB, env=environment, capture_output=True,
                          text=True)
    if done.returncode != 0:
        said = (done.stderr + done.stdout).strip().splitlines()[-25:]
        hint = "check the network, then run it again" if title == "npm ci" else "npm run check --prefix web"
        raise Failure("\n".join([f"the web app does not build: {title} failed", *said]), hint=hint)


if __name__ == "__main__":
    console.run(lambda _: build(), sys.argv[1:])
