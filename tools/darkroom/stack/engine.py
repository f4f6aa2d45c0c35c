"""Starts and stops the engine of this stack, and never another one."""
import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

from darkroom import processes
from darkroom.console import Failure, Step
from darkroom.paths import REGION, Stack
from darkroom.stack import checks

# By its path, not as a module: it imports nothing of ours, so the engine and its Lambdas need no PYTHONPATH.
HOST_SCRIPT = Path(__file__).with_name("engine_host.py")
START_SECONDS = 60
STOP_SECONDS = 60


def start(stack: Stack) -> bool:
    """Returns whether the engine had to be started. `applied` is dropped when it died without saving its state."""
    if running(stack):
        _wait_until_healthy(stack, None)
        return False
    if stack.pid_file.exists():
        # It did not stop through us. Its last checkpoint may be older than what Terraform remembers.
        _kill_orphans(stack)
        stack.applied.unlink(missing_ok=True)
        stack.pid_file.unlink()
    if not checks.port_is_free(stack.port):
        raise Failure(f"port {stack.port} is in use by {processes.described(stack.port)}",
                      hint="stop it, or take another: make up DARKROOM_PORT=4600")
    for folder in (stack.engine / "state", stack.engine / "s3", stack.engine / "tmp", stack.logs):
        folder.mkdir(parents=True, exist_ok=True)
    with Step(f"Starting the engine on {stack.endpoint}"):
        with open(stack.logs / "engine.log", "ab") as log:
            process = subprocess.Popen(
                _command(stack), env=_environment(stack), cwd=stack.engine, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C in `make up` does not reach it, and its Lambdas form one group with it.
                start_new_session=True,
            )
        _remember(stack, process.pid)
        _wait_until_healthy(stack, process)
    return True


def stop(stack: Stack) -> bool:
    pid = running(stack)
    if not pid:
        if stack.pid_file.exists():
            _kill_orphans(stack)
            stack.applied.unlink(missing_ok=True)
            stack.pid_file.unlink()
        return False
    with Step("Stopping the engine"):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _matches(stack, pid):
            if time.monotonic() > deadline:
                # Hung: only its last checkpoint is left, and Terraform has to refresh from that.
                stack.applied.unlink(missing_ok=True)
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        with contextlib.suppress(ChildProcessError):  # `run` is its parent, `down` is not
            os.waitpid(pid, 0)
        _kill_orphans(stack)
        stack.pid_file.unlink(missing_ok=True)
    return True


def running(stack: Stack) -> int | None:
    """The process id, if the process that we started is alive: same id, same start time, same command."""
    pid = _remembered(stack)[0]
    if pid and _matches(stack, pid):
        return pid
    holder = None if checks.port_is_free(stack.port) else processes.listening_on(stack.port)
    if holder and _is_ours(stack, holder):
        _remember(stack, holder)  # the file that named it was lost
        return holder
    return None


def healthy(stack: Stack) -> bool:
    try:
        # No proxies: the environment's would be asked for a loopback address.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{stack.endpoint}/_ministack/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _command(stack: Stack) -> list[str]:
    faulty = [f"--faults={seed}"] if (seed := os.environ.get("DARKROOM_FAULTS")) else []
    return [str(stack.venv_python), str(HOST_SCRIPT), "--home", str(stack.home), "--port", str(stack.port),
            *faulty]


def _environment(stack: Stack) -> dict[str, str]:
    """A clean environment: its variables reach every Lambda."""
    engine = stack.engine
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(engine),
        "LANG": "C.UTF-8",
        # Unpacked Lambdas and its own pid file go here, so that two stacks never meet in /tmp.
        "TMPDIR": str(engine / "tmp"),
        # Loopback only: the defaults listen on every interface, and for MQTT as well.
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(stack.port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # A Docker socket that is not there: with a real one the engine would reap containers at start and stop.
        "DOCKER_HOST": f"unix://{engine}/no-docker.sock",
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "AWS_ENDPOINT_URL": stack.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(engine / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(engine / "s3"),
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_WARM_TTL_SECONDS": "60",
        # Each environment is a process. Without a cap a hundred photos start a hundred and forty of them.
        "LAMBDA_ACCOUNT_CONCURRENCY": os.environ.get("DARKROOM_LAMBDA_CONCURRENCY", "48"),
        "LOG_LEVEL": os.environ.get("DARKROOM_ENGINE_LOG_LEVEL", "INFO"),
        # Where engine_host.py writes down the AWS calls of the functions; only tests/e2e asks for it.
        **({"DARKROOM_CALLS": str(engine / "calls.jsonl")} if os.environ.get("DARKROOM_CALLS") else {}),
    }


def _wait_until_healthy(stack: Stack, process: subprocess.Popen | None) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            stack.pid_file.unlink(missing_ok=True)
            raise Failure(f"The engine ended at once: {_last_words(stack)}", hint=f"see {stack.logs}/engine.log")
        if healthy(stack):
            return
        time.sleep(0.1)
    raise Failure(f"The engine does not answer within {START_SECONDS} s", hint=f"make down up; see {stack.logs}")


def _last_words(stack: Stack) -> str:
    lines = (stack.logs / "engine.log").read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no output"


def _remember(stack: Stack, pid: int) -> None:
    stack.pid_file.write_text(json.dumps({"pid": pid, "started": processes.started(pid)}))


def _remembered(stack: Stack) -> tuple[int, str]:
    """The process id and start time in the file; (0, "") also for a damaged file."""
    try:
        recorded = json.loads(stack.pid_file.read_text())
        return int(recorded["pid"]), str(recorded["started"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0, ""


def _matches(stack: Stack, pid: int) -> bool:
    # When the engine is our own child (`make test-e2e`), its end shows only after we have asked for it.
    processes.reap(pid)
    now = processes.started(pid)
    return bool(now) and _remembered(stack)[1] == now and _is_ours(stack, pid)


def _is_ours(stack: Stack, pid: int) -> bool:
    words = processes.command_line(pid)
    return HOST_SCRIPT.name in words and f"--home {stack.home} " in f"{words} "


def _kill_orphans(stack: Stack) -> None:
    """Lambdas that outlived the engine. Their group has the engine's number as long as one of them lives."""
    group = _remembered(stack)[0]
    if not group:
        return
    for pid in processes.group_members(group):
        # The number may have been given to strangers since; ours run from the stack's own folder.
        if str(stack.engine) in processes.command_line(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
