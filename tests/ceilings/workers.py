"""The three workers as AWS runs them: their own binaries, behind a Lambda runtime API and a bucket of ours. Each stays
up for all files, as a sandbox does, so that what it keeps from one counts against the next."""

import contextlib
import hashlib
import json
import os
import queue
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from tests.load import latency

BUCKET = "value"  # as latency.environment() names every bucket
TICKS = os.sysconf("SC_CLK_TCK")
IMAGE = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
KEY = f"uploads/ada/{IMAGE}"
VCPU_MB = 1769  # Lambda gives one whole vCPU at this memory, and a share of it below


@dataclass(frozen=True)
class Spent:
    """What one invocation took."""

    peak_mb: float
    cpu_s: float

    def lambda_s(self, memory_mb):
        """Seconds on Lambda. A worker is one thread. With less than a whole vCPU it waits for the rest of each period,
        so the CPU time is divided by the share; with more, one thread has no use for it. A core of this machine counts
        as a vCPU, since both are one thread of a server's core. Nothing was timed on Lambda's Arm."""
        return self.cpu_s / min(1, memory_mb / VCPU_MB)


class Handler(latency.Handler):
    def do_GET(self):
        if self.path.startswith("/2018-06-01/"):
            return super().do_GET()
        content, status = self.server.objects[self.path.split("?")[0]], 200
        headers = {"Content-Type": "binary/octet-stream", "ETag": '"1"'}
        if wanted := self.headers["range"]:
            first, last = map(int, wanted.removeprefix("bytes=").split("-"))
            last = min(last, len(content) - 1)
            headers["Content-Range"], status = f"bytes {first}-{last}/{len(content)}", 206
            content = content[first:last + 1]
        return self._send(content, headers, status)

    def do_PUT(self):
        self.server.objects[self.path.split("?")[0]] = self.rfile.read(int(self.headers["content-length"]))
        return self._send(b"", {"ETag": '"1"'})


class Worker:
    def __init__(self, binary, function, objects):
        self.function, self.settings = function, latency.SETTINGS[function]
        self._service = latency.Service(Handler)
        self._service.objects = objects
        threading.Thread(target=self._service.serve_forever, daemon=True).start()
        environment = latency.environment(self._service, function)
        environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = str(self.settings["memory_mb"])
        self._process = subprocess.Popen([binary], env=environment, stdout=subprocess.DEVNULL)
        self._proc = Path("/proc", str(self._process.pid))

    def invoke(self, order):
        """The answer, and what it took."""
        self._proc.joinpath("clear_refs").write_text("5")  # the peak begins anew
        before = self._cpu_s()
        self._service.waiting.put(json.dumps(order).encode())
        try:
            _, body = self._service.answers.get(timeout=300)
        except queue.Empty:
            raise AssertionError(f"{self.function} does not answer; its process: {self._process.poll()}") from None
        return json.loads(body), Spent(self._peak_mb(), self._cpu_s() - before)

    def _peak_mb(self):
        status = self._proc.joinpath("status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def _cpu_s(self):
        fields = self._proc.joinpath("stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def end(self):
        self._process.kill()
        self._process.wait()
        self._service.shutdown()
        self._service.server_close()


class Workers:
    """All three, and the bucket that they share."""

    STAGES = ("validate", "resize", "watermark")

    def __init__(self, folder):
        self._objects = {}
        self.workers = {name: Worker(Path(folder) / name, name, self._objects) for name in self.STAGES}

    def develop(self, content):
        """Each stage that the file reaches, with what it took; and the error's name, if it is refused."""
        self._objects.clear()
        self._objects[f"/{BUCKET}/{KEY}"] = content
        answer = {"stage": "validate", "image_id": IMAGE, "owner_id": "ada", "source": {
            "bucket": BUCKET, "key": KEY, "version_id": hashlib.sha256(content).hexdigest()[:32], "sequencer": "0",
            "size_bytes": len(content)}}
        spent = {}
        for name in self.STAGES:
            answer, spent[name] = self.workers[name].invoke(answer)
            if "errorType" in answer:
                return spent, answer["errorType"]
        return spent, None

    def end(self):
        for worker in self.workers.values():
            worker.end()


@contextlib.contextmanager
def running(folder):
    workers = Workers(folder)
    try:
        yield workers
    finally:
        workers.end()
