"""Starts and stops the web app's server of this stack, and never another one."""
import hashlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from darkroom import processes
from darkroom.console import Failure
from darkroom.deploy import web_build
from darkroom.paths import REPOSITORY, Stack
from darkroom.stack import checks

HOST_SCRIPT = Path(__file__).with_name("web_host.py")
SETTINGS = REPOSITORY / "settings" / "web-headers.json"
START_SECONDS = 15
STOP_SECONDS = 10


def start(stack: Stack, facts: dict) -> None:
    """Also anew, when the server's program or what it tells the app has changed."""
    command = _command(stack, facts)
    made_of = hashlib.sha256("\0".join([*command, HOST_SCRIPT.read_text()]).encode()).hexdigest()
    if running(stack):
        if _remembered(stack).get("made_of") == made_of:
            return
        stop(stack)
    if not checks.port_is_free(stack.web_port):
        raise Failure(f"port {stack.web_port}, for the web app, is in use by {processes.described(stack.web_port)}",
                      hint="stop it, or take others: make up DARKROOM_PORT=4600")
    with open(stack.logs / "web.log", "ab") as log:
        process = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, cwd=stack.home,
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                   start_new_session=True)
    remembered = {"pid": process.pid, "started": processes.started(process.pid), "made_of": made_of}
    stack.web_pid_file.write_text(json.dumps(remembered))
    deadline = time.monotonic() + START_SECONDS
    while checks.port_is_free(stack.web_port):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(stack)
            raise Failure("the web app's server did not start", hint=f"see {stack.logs}/web.log")
        time.sleep(0.05)


def stop(stack: Stack) -> None:
    if pid := running(stack):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running(stack):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
    stack.web_pid_file.unlink(missing_ok=True)


def running(stack: Stack) -> int | None:
    """The process id, if the process that we started is alive: same id, same start time, same command."""
    remembered = _remembered(stack)
    pid = remembered.get("pid", 0)
    if not pid:
        return None
    processes.reap(pid)
    words = f"{processes.command_line(pid)} "
    same = processes.started(pid) == remembered.get("started") and bool(remembered.get("started"))
    return pid if same and HOST_SCRIPT.name in words and f"--home {stack.home} " in words else None


def _command(stack: Stack, facts: dict) -> list[str]:
    config = json.dumps({"api_url": facts["api_url"], "mailbox_url": facts["mailbox_url"]})
    return [str(stack.venv_python), str(HOST_SCRIPT), "--home", str(stack.home), "--port", str(stack.web_port),
            "--dist", str(web_build.DIST), "--settings", str(SETTINGS), "--endpoint", stack.endpoint,
            "--config", config]


def _remembered(stack: Stack) -> dict:
    try:
        found = json.loads(stack.web_pid_file.read_text())
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}
