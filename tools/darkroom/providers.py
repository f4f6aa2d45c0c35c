"""The source of Terraform's providers: a mirror on this machine, or the registry, once.

`python3 -m darkroom.providers` prints the path of a Terraform CLI configuration that names a mirror for each locked
provider, for TF_CLI_CONFIG_FILE. The tools, terraform/check.sh and the tests all use it, so that they need the network
once at most. It looks into

1. the mirrors that the caller's own configuration names,
2. the cache of this checkout,
3. the folders in which Terraform looks by itself, and each folder of /opt that is laid out like one of them,

and takes the first that has the locked version for this platform. A packed mirror is unpacked into the cache: Terraform
would unpack its 700 MB for each root and module. If no mirror has it, it is downloaded into the cache, which from then
on is a mirror too. (To Terraform, a plugin cache is none: `terraform init` asks the registry first.)
"""
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from darkroom import console
from darkroom.console import Failure, Step, say
from darkroom.paths import TERRAFORM_ROOT, Stack

LOCK = TERRAFORM_ROOT / ".terraform.lock.hcl"
OPT = Path("/opt")
VARIABLE = "TF_CLI_CONFIG_FILE"
# Terraform and its provider are Go programs, which spend a third of their CPU time on collecting garbage. With four
# times the heap, up to a gigabyte each, they collect less often. terraform/check.sh sets the same.
COLLECTOR = {"GOGC": "400", "GOMEMLIMIT": "1GiB"}
PLATFORM = f"{sys.platform}_{'arm64' if platform.machine() in ('arm64', 'aarch64') else 'amd64'}"
LOCKED = re.compile(r'^provider "([^"]+)" \{\n\s*version\s*= "([^"]+)".*?^\}', re.MULTILINE | re.DOTALL)
MIRROR = re.compile(r'\bfilesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"')
COMMENT = re.compile(r"^\s*(#|//).*$", re.MULTILINE)


@dataclass(frozen=True)
class Provider:
    address: str
    version: str
    locked: str  # its block of the lock file

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def name(self) -> str:
        return self.address.rpartition("/")[2]

    def unpacked(self, mirror: Path) -> Path:
        return mirror / self.address / self.version / PLATFORM

    def packed(self, mirror: Path) -> Path:
        return mirror / self.address / f"terraform-provider-{self.name}_{self.version}_{PLATFORM}.zip"

    def program(self, mirror: Path) -> Path | None:
        return next(filter(os.path.isfile, self.unpacked(mirror).glob(f"terraform-provider-{self.name}*")), None)

    def is_unpacked_in(self, mirror: Path) -> bool:
        return self.program(mirror) is not None

    def is_in(self, mirror: Path) -> bool:
        return self.is_unpacked_in(mirror) or os.path.isfile(self.packed(mirror))


@dataclass(frozen=True)
class Callers:
    """The caller's Terraform configuration, as far as it says where providers come from."""

    path: Path
    mirrors: list[Path]
    downloads: bool  # names a registry or a mirror on the network


def cli_config(stack: Stack, lock: Path = LOCK) -> Path:
    """A Terraform CLI configuration for the providers of the lock file. Downloads those that this machine lacks."""
    providers = locked(lock)
    callers = _callers(providers)
    found = {provider.address: str(_mirror(provider, callers, stack)) for provider in providers}
    mirrors = "".join(
        f"  filesystem_mirror {{\n    path    = {json.dumps(path)}\n    include = [{json.dumps(address)}]\n  }}\n"
        for address, path in found.items()
    )
    text = f"provider_installation {{\n{mirrors}  direct {{\n    exclude = {json.dumps(list(found))}\n  }}\n}}\n"
    # Named after its content, so that it never changes under a Terraform that reads it.
    config = stack.venv.parent / f"terraform-{hashlib.sha256(text.encode()).hexdigest()[:8]}.tfrc"
    if not config.exists() or config.read_text() != text:
        config.parent.mkdir(parents=True, exist_ok=True)
        new = config.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        new.write_text(text)
        new.replace(config)
    return config


def programs(stack: Stack, lock: Path = LOCK) -> dict[str, Path]:
    """The locked providers: address → program."""
    providers = locked(lock)
    callers = _callers(providers)
    return {provider.address: provider.program(_mirror(provider, callers, stack)) for provider in providers}


def environment(stack: Stack, lock: Path = LOCK) -> dict[str, str]:
    """The caller's environment, for a Terraform that finds its providers."""
    kept = {name: value for name, value in os.environ.items() if name != "TF_PLUGIN_CACHE_DIR"}
    return COLLECTOR | kept | {VARIABLE: str(cli_config(stack, lock)), "CHECKPOINT_DISABLE": "1"}


def locked(lock: Path) -> list[Provider]:
    return [Provider(found[1], found[2], found[0]) for found in LOCKED.finditer(lock.read_text())]


def _callers(providers: list[Provider]) -> Callers | None:
    """None where there is none to go by. What is ignored is said once, and forgotten for the processes that follow."""
    given = os.environ.get(VARIABLE)
    path = Path(given) if given else Path.home() / ".terraformrc"
    try:
        text = COMMENT.sub("", path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        if given:
            _ignore(f"{VARIABLE} names {given}, which cannot be read ({getattr(error, 'strerror', '') or error})")
        return None
    if "provider_installation" not in text:
        return None
    callers = Callers(path, [Path(found) for found in MIRROR.findall(text)],
                      re.search(r"\b(direct|network_mirror)\s*\{", text) is not None)
    for provider in providers:
        if callers.mirrors and not callers.downloads and not any(map(provider.is_in, callers.mirrors)):
            _ignore(f"{path} names no mirror that has {provider} for {PLATFORM}")
            return None
    return callers


def _ignore(reason: str) -> None:
    say(f"warning: {reason}; ignored")
    os.environ.pop(VARIABLE, None)


def _mirror(provider: Provider, callers: Callers | None, stack: Stack) -> Path:
    for mirror in (*(callers.mirrors if callers else ()), stack.plugins, *_usual_places()):
        if provider.is_unpacked_in(mirror):
            return mirror
        if os.path.isfile(archive := provider.packed(mirror)):
            try:
                return _fill(stack, provider, partial(_unpack, provider, archive))
            except zipfile.BadZipFile:
                say(f"warning: {archive} is damaged; ignored")
    return _fill(stack, provider, partial(_download, provider, callers))


def _usual_places() -> Iterator[Path]:
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    if sys.platform == "darwin":
        yield home / "Library/Application Support/io.hashicorp.terraform/plugins"
        yield Path("/Library/Application Support/io.hashicorp.terraform/plugins")
    data = [os.environ.get("XDG_DATA_HOME") or str(home / ".local/share"),
            *(os.environ.get("XDG_DATA_DIRS") or "").split(":"), "/usr/local/share", "/usr/share"]
    yield from (Path(folder, "terraform", "plugins") for folder in data if folder)
    yield from sorted(found.parent for found in OPT.glob("*/registry.terraform.io"))


def _fill(stack: Stack, provider: Provider, get: Callable[[Path], None]) -> Path:
    """Returns the cache. `get` makes a mirror beside it, out of which the provider moves in as one: half a provider is
    never found there. One process at a time; what a killed one left is thrown away by the next."""
    cache = stack.plugins
    cache.mkdir(parents=True, exist_ok=True)
    half = cache.with_name(f"{cache.name}.half")
    with open(cache.with_name(f"{cache.name}.lock"), "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if provider.is_unpacked_in(cache):
            return cache
        shutil.rmtree(half, ignore_errors=True)
        place = provider.unpacked(cache)
        try:
            get(half)
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.is_symlink():
                place.unlink()
            shutil.rmtree(place, ignore_errors=True)
            provider.unpacked(half).rename(place)
        except OSError as error:
            raise Failure(f"{provider} does not fit into {cache}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(half, ignore_errors=True)
    return cache


def _unpack(provider: Provider, archive: Path, mirror: Path) -> None:
    place = provider.unpacked(mirror)
    with Step(f"Unpacking {archive.name}"), zipfile.ZipFile(archive) as packed:
        packed.extractall(place)
    for program in place.glob("terraform-provider-*"):
        program.chmod(0o755)


def _download(provider: Provider, callers: Callers | None, mirror: Path) -> None:
    """Terraform itself does it, with the caller's configuration if that names a place on the network."""
    root = mirror / "root"
    root.mkdir(parents=True)
    wanted = f'source = "{provider.address}"\n      version = "{provider.version}"'
    (root / "main.tf").write_text(
        f"terraform {{\n  required_providers {{\n    wanted = {{\n      {wanted}\n    }}\n  }}\n}}\n")
    (root / LOCK.name).write_text(f"{provider.locked}\n")
    (root / "direct.tfrc").write_text("provider_installation {\n  direct {}\n}\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    config = callers.path if callers and callers.downloads else root / "direct.tfrc"
    variables = {VARIABLE: str(config), "TF_PLUGIN_CACHE_DIR": str(mirror), "CHECKPOINT_DISABLE": "1"}
    command = ["terraform", f"-chdir={root}", "init", "-backend=false", "-input=false", "-no-color"]
    with Step(f"Downloading Terraform's provider {provider}"):
        done = subprocess.run(command, env=kept | variables, capture_output=True, text=True)
        if done.returncode != 0 or not provider.is_unpacked_in(mirror):
            raise Failure(f"no folder of this machine has Terraform's provider {provider}, and the download failed: "
                          f"{' '.join(done.stderr.split())}",
                          hint="check the network, or name a mirror in the file that TF_CLI_CONFIG_FILE names")


def main() -> None:
    print(cli_config(Stack.from_environment()))


if __name__ == "__main__":
    console.run(main)
