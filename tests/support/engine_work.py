"""The work of a running engine: its requests by service and operation, and the CPU time of its process and of the
functions under it."""

import json
import os
from collections import Counter
from pathlib import Path

from tests.support.client import send

TICKS = os.sysconf("SC_CLK_TCK")


class Engine:
    """The engine's process and those of the functions under it, as the kernel accounts for them."""

    def __init__(self, stack):
        self._pid = json.loads((stack.path.parent / "engine.pid.json").read_text())["pid"]
        self._url = stack["aws_endpoint_url"] + "/_darkroom/requests"

    def measured(self):
        return Measured(self._pid, Counter(send("GET", self._url).json()))


def children(stack, name):
    """The processes of a function of this stack."""
    engine = json.loads((stack.path.parent / "engine.pid.json").read_text())["pid"]
    return [child for child in below(engine) if function(child) == name]


def below(engine):
    return [int(process.name) for process in Path("/proc").iterdir()
            if process.name.isdecimal() and parent(process) == engine]


class Measured:
    def __init__(self, engine, requests):
        own, reaped = cpu_seconds(engine)
        found = below(engine)
        self.engine, self.requests, self.processes = own, requests, len(found)
        self.by_function = Counter()  # of the processes that run now
        for child in found:
            self.by_function[function(child)] += cpu_seconds(child)[0]
        self.functions = reaped + self.by_function.total()


def function(process):
    """The short name of the function that it runs."""
    try:
        variables = Path("/proc", str(process), "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    named = [each.partition(b"=")[2].decode() for each in variables if each.startswith(b"AWS_LAMBDA_FUNCTION_NAME=")]
    return named[0].rpartition("-")[2] if named else ""


def stat(process):
    """The fields behind the command, which may hold spaces."""
    return Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()


def parent(process):
    try:
        return int(stat(process.name)[1])
    except OSError:
        return None


def cpu_seconds(process):
    """Its own, and of the children that it has waited for."""
    try:
        own_user, own_system, waited_user, waited_system = map(int, stat(process)[11:15])
    except OSError:
        return 0.0, 0.0
    return (own_user + own_system) / TICKS, (waited_user + waited_system) / TICKS
