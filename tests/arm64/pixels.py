"""`make test-arm64`: runs the imaging crates' tests on the kind of CPU that Lambda gives them. The tests are
cross-built and run under qemu; goldens and digests prove that pictures and bytes are those of every other machine
(R26).

It omits the hostile files, which take an hour under qemu and have no vector code of their own, and the test of speed.
"""

import os
import subprocess
from pathlib import Path

from darkroom import console
from darkroom.console import Failure
from darkroom.deploy import build
from darkroom.paths import REPOSITORY, Stack
from darkroom.stack import venv_setup
from tests.arm64 import run

TARGET = "aarch64-unknown-linux-gnu"
GLIBC = ".".join(map(str, build.GLIBC))
PACKAGES = ["darkroom-imaging", "scaledown-jpeg", "planar-jpeg", "planar-vp8"]
TESTS = ["bytes", "goldens", "pictures", "oracle", "strictness", "reads_back"]


def main():
    stack = Stack.from_environment()
    prefix = run.runner()
    venv_setup.ensure(stack, requirements=build.REQUIREMENTS)
    venv_setup.ensure(stack, requirements=Path(__file__).with_name("requirements.txt"))
    environment = build.with_zig(stack) | {
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": " ".join(map(str, prefix)),
        "CARGO_TARGET_DIR": str(build.target_directory() / "arm64"),
    }
    packages = [word for name in PACKAGES for word in ("-p", name)]
    tests = ["--lib", *(word for name in TESTS for word in ("--test", name))]
    command = [stack.venv / "bin/cargo-zigbuild", "test", "--target", f"{TARGET}.{GLIBC}", "--locked", "--no-fail-fast"]
    done = subprocess.run([*command, *packages, *tests], cwd=REPOSITORY, env=dict(os.environ) | environment)
    if done.returncode:
        raise Failure("the tests do not pass on arm64; see above")


if __name__ == "__main__":
    console.run(main)
