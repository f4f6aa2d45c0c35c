"""Cold start: from exec to the first poll of a runtime API that is made up, and what is resident by then."""

import os
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Start:
    name: str
    wall_ms: float
    cpu_ms: float
    resident_mb: float
    binary_mb: float


def measure(binary: Path, rounds: int) -> Start:
    seen = [_once(binary) for _ in range(rounds)]
    wall, cpu, resident = (statistics.median(column) for column in zip(*seen, strict=True))
    return Start(binary.name, wall, cpu, resident, binary.stat().st_size / 1e6)


def _once(binary: Path) -> tuple[float, float, float]:
    with socket.create_server(("127.0.0.1", 0)) as api:
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.getsockname()[1]}",
            "AWS_LAMBDA_FUNCTION_NAME": binary.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/bench",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "ORIGINALS_BUCKET": "originals",
            "IMAGES_BUCKET": "images",
            "STORAGE_KEY_ARN": "arn:aws:kms:eu-central-1:111122223333:key/bench",
        }
        begun = time.perf_counter()
        process = subprocess.Popen([binary], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        api.settimeout(20)
        try:
            poll, _ = api.accept()
            with poll:
                request = poll.recv(4096)
                wall = (time.perf_counter() - begun) * 1000
                if b"/runtime/invocation/next" not in request:
                    raise SystemExit(f"{binary.name} asked for something else: {request[:80]!r}")
                status = Path(f"/proc/{process.pid}/status").read_text()
                resident = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
                cpu = Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]
        except TimeoutError:
            raise SystemExit(f"{binary.name} never polled:\n{process.stderr.read().decode()}") from None
        finally:
            process.kill()
            process.wait()
    return wall, int(cpu) / 1e6, int(resident) / 1024
