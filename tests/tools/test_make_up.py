"""What may stop `make up`: another `make up`, a taken port, a broken note, another Python, a full disk."""
import errno
import json
import os
import runpy
import shutil
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

from darkroom import processes
from darkroom.console import Failure
from darkroom.paths import TOOLS, Stack
from darkroom.stack import building, checks, engine, venv_setup

LISTEN = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(flush=True)
time.sleep(60)
"""


@pytest.fixture
def stack(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stack = Stack(tmp_path / "home", port, tmp_path / "venv")
    stack.home.mkdir()
    return stack


@pytest.fixture
def listener(stack):
    """Another program on the stack's port."""
    with subprocess.Popen([sys.executable, "-c", LISTEN, str(stack.port)], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_a_taken_port_is_said_with_who_has_it(stack, listener):
    assert processes.listening_on(stack.port) == listener.pid
    with pytest.raises(Failure, match=f"port {stack.port} is in use by process {listener.pid}, .*socket.create_server"):
        engine.start(stack)
    assert not stack.pid_file.exists()


@pytest.mark.parametrize("note", ["", "[]", "5", "{", '{"pid": "x"}', '{"pid": 1, "started": "long ago"}'])
def test_a_note_of_no_use_is_no_engine(stack, note):
    stack.pid_file.write_text(note)
    assert engine.running(stack) is None
    assert engine.stop(stack) is False
    assert not stack.pid_file.exists()


def test_an_engine_whose_note_was_lost_is_found_by_its_port(stack):
    words = [sys.executable, "-c", LISTEN, str(stack.port), "engine_host.py", "--home", str(stack.home), "--port", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            assert engine.running(stack) == process.pid
            assert json.loads(stack.pid_file.read_text())["pid"] == process.pid
            stack.pid_file.unlink()
            other = Stack(stack.home / "other", stack.port, stack.venv)
            other.home.mkdir()
            assert engine.running(other) is None, "the engine of another stack"
        finally:
            process.kill()


def test_a_second_one_waits_and_says_for_whom(tmp_path):
    code = ("import sys, pathlib; from darkroom.locks import only_one\n"
            "with only_one(pathlib.Path(sys.argv[1])): print(flush=True); sys.stdin.read()")
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True,
             "env": os.environ | {"PYTHONPATH": str(TOOLS)}}
    with subprocess.Popen(command, **pipes) as first:
        first.stdout.readline()
        with subprocess.Popen(command, **pipes) as second:
            assert second.stderr.readline().startswith(f"Waiting for process {first.pid}, which is at work on ")
            assert second.poll() is None
            first.kill()  # a kill: no process is left that would delay the second
            assert second.stdout.readline() == "\n"
            second.stdin.close()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "venv"
    venv.create(folder, with_pip=True, symlinks=True)
    return folder


def test_a_virtual_environment_works(environment):
    assert venv_setup._works(environment)


def test_one_whose_python_is_gone_does_not(environment, tmp_path):
    shutil.copytree(environment, tmp_path / "venv", symlinks=True)
    (tmp_path / "venv/bin/python").unlink()
    (tmp_path / "venv/bin/python").symlink_to(tmp_path / "python that was here")
    assert not venv_setup._works(tmp_path / "venv")


def test_one_of_another_python_does_not(environment, tmp_path):
    """After an upgrade of the system, `python3` is another version, with another folder of packages."""
    shutil.copytree(environment, tmp_path / "venv", symlinks=True)
    lib, = (tmp_path / "venv/lib").glob("python3*")
    lib.rename(lib.with_name("python3.0"))
    assert not venv_setup._works(tmp_path / "venv")


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"),
                                     Failure("terraform init failed: write /x: no space left on device")])
def test_a_full_disk_is_said_in_one_line(monkeypatch, tmp_path, failure):
    def fails(*_arguments):
        raise failure

    monkeypatch.setenv("DARKROOM_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["darkroom.stack", "up"])
    monkeypatch.setattr(venv_setup, "ensure", fails)
    with pytest.raises(SystemExit) as end:
        runpy.run_module("darkroom.stack", run_name="__main__")
    assert str(end.value).startswith("error: the disk is full: ") and "MB are left in /" in str(end.value)
    assert str(end.value).count("\n") == 1, "and the hint"


def test_little_room_is_said_before_it_is_needed(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(checks, "ENOUGH", 1)
    checks.room(tmp_path)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(checks, "ENOUGH", 10**18)
    checks.room(tmp_path)
    assert f"GB are free in {tmp_path}" in capsys.readouterr().err


BAR = "    Building [=====>      ] {}: {}      \r"


@pytest.mark.parametrize(("said", "shown"), [
    ("", ""),
    ("    Blocking waiting for file lock on build directory\n", "waiting for another cargo to finish "),
    ("  Downloaded a v1\n  Downloaded b v1\n", "2 crates downloaded "),
    ("   Compiling a v1\n" + BAR.format("1/271", "a") + BAR.format("212/271", "aws-sdk-s3, ring(build.rs)"),
     "212 of 271 crates, compiling aws-sdk-s3 "),
    (BAR.format("270/271", "upload(bin)"), "270 of 271 crates, compiling upload "),
])
def test_the_build_says_how_much_there_is(said, shown):
    assert building.progress(said.replace("\r", "\n")) == shown


def test_compilers_let_the_engine_and_terraform_go_first(stack, monkeypatch):
    stack.logs.mkdir()
    monkeypatch.setattr(sys, "executable", "/bin/sleep")
    monkeypatch.setattr(building, "POLITELY", [*building.POLITELY, "sh", "-c", "sleep 30; :"])
    build = building.functions(stack)
    try:
        deadline = time.monotonic() + 5
        while os.getpriority(os.PRIO_PROCESS, build._process.pid) < 10:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        build.stop()
    assert not Path(f"/proc/{build._process.pid}").exists()
