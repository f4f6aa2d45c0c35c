"""Makes a worker fail without a change to the product, through AWS's own interfaces: moves the alias `live` to a
version with other code, and moves it back."""

import contextlib
import functools
import io
import pathlib
import sys
import tempfile
import time
import zipfile

from tests.support.client import send
from tests.support.waiting import until

STUB = pathlib.Path(__file__).with_name("faulty_worker.py")
HELD = """
import os, pathlib, time
while not pathlib.Path({gate!r}).exists():
    time.sleep(0.05)
real = pathlib.Path(__file__).resolve().parent / "real"
os.execv(real, [str(real)])
"""
ALWAYS = 10**6


@contextlib.contextmanager
def failing(operator, worker, error, times=ALWAYS):
    """Inside, the worker's next invocations fail with this error, so many times; then it works again."""
    with tempfile.TemporaryDirectory() as folder:
        count = pathlib.Path(folder, "failures")
        count.touch()
        names = f"COUNT_FILE, ERROR, TIMES = {str(count)!r}, {error!r}, {times}"
        with _started_by(operator, worker, f"{names}\n{STUB.read_text()}"):
            yield


@contextlib.contextmanager
def held_back(operator, worker):
    """Inside, the worker begins to work when the function is called that this gives. (Ten seconds are a long time: then
    the engine starts the worker again.)"""
    with tempfile.TemporaryDirectory() as folder:
        gate = pathlib.Path(folder, "open")
        with _started_by(operator, worker, HELD.format(gate=str(gate))):
            yield gate.touch


@contextlib.contextmanager
def _started_by(operator, worker, script):
    """Inside, this Python script is the worker's bootstrap, and the real one is beside it."""
    function = operator.stack["functions"][worker]
    lambdas = operator.functions
    live = lambdas.get_alias(FunctionName=function, Name="live")["FunctionVersion"]
    archive = send("GET", lambdas.get_function(FunctionName=function, Qualifier=live)["Code"]["Location"]).content

    def ship(code):
        lambdas.update_function_code(FunctionName=function, ZipFile=code)
        lambdas.get_waiter("function_updated_v2").wait(FunctionName=function)

    def point(version):
        lambdas.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
        until(lambda: lambdas.get_alias(FunctionName=function, Name="live")["FunctionVersion"] == version, "the alias")

    try:
        ship(_with_bootstrap(archive, script))
        point(lambdas.publish_version(FunctionName=function, Description="fails, for a test")["Version"])
        yield
    finally:
        point(live)
        # $LATEST too, or the next deployment would find code there that was never shipped.
        ship(archive)


@contextlib.contextmanager
def with_environment(operator, name, **values):
    """Inside, the function has these environment variables, too, through a version of its own behind `live`: a release
    that `make rollback` undoes."""
    function, lambdas = operator.stack["functions"][name], operator.functions
    live = lambdas.get_alias(FunctionName=function, Name="live")["FunctionVersion"]
    usual = lambdas.get_function_configuration(FunctionName=function, Qualifier=live)["Environment"]["Variables"]

    def set_to(variables):
        lambdas.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
        lambdas.get_waiter("function_updated_v2").wait(FunctionName=function)

    try:
        set_to(usual | values)
        release = f"release={time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-test previous={live}"
        version = lambdas.publish_version(FunctionName=function, Description=release)
        lambdas.update_alias(FunctionName=function, Name="live", FunctionVersion=version["Version"])
        yield
    finally:
        lambdas.update_alias(FunctionName=function, Name="live", FunctionVersion=live)
        set_to(usual)


def _with_bootstrap(archive, script):
    made = io.BytesIO()
    made.write(_renamed(archive))
    with zipfile.ZipFile(made, "a") as stub:
        stub.writestr(_program("bootstrap"), f"#!{sys.executable}\n{script}")
    return made.getvalue()


@functools.cache
def _renamed(archive):
    """The worker's archive with its bootstrap by the name `real`: made once for all tests, and small for each."""
    with zipfile.ZipFile(io.BytesIO(archive)) as real:
        program = real.read("bootstrap")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as stub:
        stub.writestr(_program("real"), program, zipfile.ZIP_DEFLATED, compresslevel=1)
    return made.getvalue()


def _program(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o100755 << 16
    return entry
