"""`make check-arm64`: builds the binaries as a deployment does, and starts each under qemu with a made-up Lambda
runtime API: does it start, poll, and answer an event?

    make check-arm64            cross-builds every function first, about 15 minutes of one core
    BINARIES=folder …           uses what lies there: <function>/bootstrap, or <function>

On an arm64 machine they simply run; elsewhere Debian's qemu-user and libc6-arm64-cross are needed.
"""

import json
import os
import platform
import shutil
import subprocess
import threading
import time
from pathlib import Path
from queue import Empty

import yaml

from darkroom import console
from darkroom.console import Failure
from darkroom.deploy import build
from darkroom.paths import REPOSITORY, Stack
from tests.load import latency

WORKERS = {"resize", "validate", "watermark"}
API = {operation["x-lambda"] for path in yaml.safe_load((REPOSITORY / "api/openapi.yaml").read_text())["paths"].values()
       for operation in path.values() if isinstance(operation, dict)}
SYSROOT = "/usr/aarch64-linux-gnu"  # of libc6-arm64-cross


def question(function):
    """An event that a function answers without calling any service, and the right answer."""
    if function in API:  # a browser's preflight, which every one of them answers alike
        asked = latency.event("OPTIONS", "/", signed_in=False, headers={"Origin": "https://example.com"})
        return asked, lambda answer: answer["statusCode"] == 204
    if function in WORKERS:  # no order at all: an error by name, for the workflow to read
        return {}, lambda answer: "." in answer["errorType"]
    return {"Records": []}, lambda answer: answer == {"batchItemFailures": []}


def runner():
    if platform.machine() in ("aarch64", "arm64"):
        return []
    if not (qemu := shutil.which("qemu-aarch64")) or not Path(SYSROOT).is_dir():
        raise Failure("qemu is missing, or a libc to run with it", hint="apt-get install qemu-user libc6-arm64-cross")
    return [qemu, "-L", SYSROOT]


def answered(binary, function, prefix):
    """Seconds from the start to the answer, and the answer."""
    asked, right = question(function)
    service = latency.Service()
    threading.Thread(target=service.serve_forever, daemon=True).start()
    service.waiting.put(json.dumps(asked).encode())
    began = time.perf_counter()
    process = subprocess.Popen([*prefix, binary], env=latency.environment(service, function),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _, body = service.answers.get(timeout=60)
    except Empty:
        process.kill()
        raise Failure(f"{function} never answered: {process.stderr.read().decode()[-2000:]}") from None
    finally:
        process.kill()
        process.wait()
        service.shutdown()
        service.server_close()
    if not right(json.loads(body)):
        raise Failure(f"{function} answered {body.decode()}")
    return time.perf_counter() - began


def binaries():
    if folder := os.environ.get("BINARIES"):
        found = {name: Path(folder) / name for name in build.functions()}
        return {name: path / "bootstrap" if path.is_dir() else path for name, path in found.items()}
    return build.for_aws("arm64", Stack.from_environment(), reads_heic=True)


def main():
    prefix = runner()
    print(f"{'function':14} {'MB':>6} {'zip MB':>7} {'glibc':>6} {'answer s':>9}")
    for name, binary in binaries().items():
        told = [place for place in build.places() if str(place).encode() in binary.read_bytes()]
        if told:
            raise Failure(f"{name} names {told[0]}: another machine would build another binary")
        glibc = ".".join(map(str, build.check_elf(name, binary, "arm64")))
        took = answered(binary, name, prefix)
        size, packed = binary.stat().st_size / 1e6, len(build.zipped(binary)) / 1e6
        print(f"{name:14} {size:6.1f} {packed:7.1f} {glibc:>6} {took:9.2f}", flush=True)


if __name__ == "__main__":
    console.run(main)
