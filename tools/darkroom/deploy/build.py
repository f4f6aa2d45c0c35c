"""From crates to zip files: builds the binaries, and archives whose bytes depend on nothing but the binary."""
import base64
import hashlib
import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from darkroom.console import Failure, Step
from darkroom.paths import REPOSITORY, TOOLS, Stack
from darkroom.stack import venv_setup

SETTINGS = REPOSITORY / "settings" / "functions.json"
RECIPE = REPOSITORY / "settings" / "recipe.json"
REQUIREMENTS = TOOLS / "requirements-cross.txt"
# AWS's names of the architectures: the ELF machine number that a binary for it must carry.
ELF_MACHINE = {"x86_64": 62, "arm64": 183}
# The oldest CPU that Lambda has. cargo-lambda would choose the same, but not beside flags of ours.
CPU = {"x86_64": "haswell", "arm64": "neoverse-n1"}
# The glibc of Amazon Linux 2023, which provided.al2023 is. A binary linked against a newer one does not start there.
GLIBC = (2, 34)
GLIBC_WANTED = re.compile(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)")
SMALL, QUICK = 6, 1  # zlib's levels: a quarter of the time, for an eighth more bytes
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can hold


def functions() -> list[str]:
    return sorted(json.loads(SETTINGS.read_text())["functions"])


def for_this_machine() -> dict[str, Path]:
    """The local engine runs the binaries as processes of this machine."""
    folder = compile_workspace()
    return {name: folder / name for name in functions()}


def compile_workspace() -> Path:
    """Builds with plain cargo, in the quick profile, or with RELEASE=1 in the one that ships. Returns the folder of the
    programs.

    Always builds everything, the command line too: cargo unites the features of packages that are built together, so
    one package alone would compile every shared crate anew.
    """
    flags = ["--release"] if os.environ.get("RELEASE") else []
    _cargo(["cargo", "build", "--workspace", "--bins", "--locked", *flags], _environment())
    return _folder()


def command_line() -> Path:
    """The program `darkroom`, which `make up` has built already."""
    program = _folder() / "darkroom"
    return program if program.exists() else compile_workspace() / "darkroom"


def check_recipe() -> None:
    """The workers carry the recipe, and read it as they start: with a wrong one, no photo would be developed."""
    asked = subprocess.run([command_line(), "recipe", RECIPE], capture_output=True, text=True)
    if asked.returncode != 0:
        raise Failure(asked.stderr.strip().removeprefix("error: "), hint="docs/IMAGING.md says what it may be")


def for_aws(architecture: str, stack: Stack, *, reads_heic: bool) -> dict[str, Path]:
    """Builds with cargo-lambda and zig: linked against Amazon Linux's glibc, for either architecture, on any host.

    All functions in one command, so that cargo gives them the same features: no ticket is given for a HEIC that
    `validate` would refuse (docs/adr/0017-heic.md).
    """
    venv_setup.ensure(stack, requirements=REQUIREMENTS)
    # Its own folder for each architecture: cargo-lambda puts both under the same target/lambda/<name>.
    target = target_directory() / architecture
    environment = _environment() | with_zig(stack) | {
        "CARGO_TARGET_DIR": str(target),
        "RUSTFLAGS": _flags(architecture),
    }
    flag = {"arm64": "--arm64", "x86_64": "--x86-64"}[architecture]
    _cargo([str(stack.venv / "bin/cargo-lambda"), "lambda", "build", "--release", flag, "--locked",
            *features(reads_heic), *_packages()], environment)
    binaries = {name: target / "lambda" / name / "bootstrap" for name in functions()}
    for name, binary in binaries.items():
        check_elf(name, binary, architecture)
    return binaries


def zipped(binary: Path, level: int = SMALL) -> bytes:
    """One file called `bootstrap`, executable, with a fixed time: the same binary gives the same bytes."""
    buffer = io.BytesIO()
    entry = zipfile.ZipInfo("bootstrap", date_time=EPOCH)
    entry.create_system = 3  # Unix, or the mode below means nothing
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, binary.read_bytes(), compresslevel=level)
    return buffer.getvalue()


def zipped_once(binary: Path) -> bytes:
    """The archive for this machine: made quickly, and kept beside the binary until the binary changes."""
    stat = binary.stat()
    kept = binary.parent / "zips" / f"{binary.name}-{stat.st_mtime_ns}-{stat.st_size}.zip"
    if kept.exists():
        return kept.read_bytes()
    kept.parent.mkdir(exist_ok=True)
    for old in kept.parent.glob(f"{binary.name}-[0-9]*.zip"):
        old.unlink(missing_ok=True)
    archive = zipped(binary, QUICK)
    # Written whole or not at all: a cut-off archive would be shipped again and again.
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(archive)
    unfinished.replace(kept)
    return archive


def code_sha256(archive: bytes) -> str:
    """The digest in Lambda's form."""
    return base64.b64encode(hashlib.sha256(archive).digest()).decode()


def _environment() -> dict[str, str]:
    """The caller's variables, and the commit that `GET /health` names. A new commit rebuilds only that function."""
    asked = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True)
    commit = {"DARKROOM_COMMIT": asked.stdout.strip()} if asked.returncode == 0 else {}
    return dict(os.environ) | commit


def places() -> dict[Path, str]:
    """The folders of sources on this machine, and their names in a binary: a panic names its file."""
    return {Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo"): "/cargo", REPOSITORY: "/darkroom"}


def _flags(architecture: str) -> str:
    remapped = [f"--remap-path-prefix={place}={name}" for place, name in places().items()]
    return " ".join([*os.environ.get("RUSTFLAGS", "").split(), f"-Ctarget-cpu={CPU[architecture]}", *remapped])


def features(reads_heic: bool) -> list[str]:
    """`heic` is the one default feature of the functions; tests/contract/test_features.py holds them to it."""
    return [] if reads_heic else ["--no-default-features"]


def _packages() -> list[str]:
    return [word for name in functions() for word in ("-p", name)]


def _cargo(command: list[str], environment: dict[str, str]) -> None:
    # cargo shows its own progress and its own errors; both reach the user as they are.
    if subprocess.run(command, cwd=REPOSITORY, env=environment).returncode != 0:
        raise Failure("the Lambdas do not build; cargo says why above")


def _folder() -> Path:
    return target_directory() / ("release" if os.environ.get("RELEASE") else "debug")


def target_directory() -> Path:
    """Cargo's target folder. Cargo is asked, so that CARGO_TARGET_DIR and a cargo configuration count."""
    asked = subprocess.run(["cargo", "metadata", "--no-deps", "--offline", "--format-version=1"], cwd=REPOSITORY,
                           capture_output=True, text=True)
    if asked.returncode != 0:
        raise Failure(f"cargo metadata failed: {asked.stderr.strip().splitlines()[-1]}")
    return Path(json.loads(asked.stdout)["target_directory"])


def with_zig(stack: Stack) -> dict[str, str]:
    """PyPI's zig is a Python module; a build wants a program called `zig`."""
    folder = stack.venv / "zig"
    folder.mkdir(exist_ok=True)
    script = folder / "zig"
    script.write_text(f'#!/bin/sh\nexec "{stack.venv_python}" -m ziglang "$@"\n')
    script.chmod(0o755)
    return {"PATH": os.pathsep.join([str(folder), str(stack.venv / "bin"), os.environ["PATH"]])}


def check_elf(name: str, binary: Path, architecture: str) -> tuple[int, int]:
    """The newest glibc that the binary needs. The wrong machine or too new a glibc would only show in AWS, as
    Runtime.InvalidEntrypoint or Runtime.ExitError."""
    data = binary.read_bytes() if binary.exists() else b""
    if data[:4] != b"\x7fELF" or int.from_bytes(data[18:20], "little") != ELF_MACHINE[architecture]:
        raise Failure(f"{binary} is not a Linux binary for {architecture}; {name} is not shipped")
    newest = max(((int(major), int(minor)) for major, minor in GLIBC_WANTED.findall(data)), default=(0, 0))
    if newest > GLIBC:
        raise Failure(f"{name} wants glibc {newest[0]}.{newest[1]}, and Amazon Linux 2023 has {GLIBC[0]}.{GLIBC[1]}")
    return newest


def zip_all(binaries: dict[str, Path], zipped: Callable[[Path], bytes] = zipped) -> dict[str, bytes]:
    with Step("Zipping") as step:
        archives = {}
        for name, binary in binaries.items():
            step.note = name
            archives[name] = zipped(binary)
        step.result = f"{sum(map(len, archives.values())) / 1e6:.1f} MB"
        return archives
