"""The identity of a process. A process id alone does not tell it: numbers are reused."""
import contextlib
import os
import shutil
import subprocess
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"  # in the kernel's table of sockets
HAS_PROC = (PROC / "self" / "stat").exists()  # Linux; elsewhere `ps` answers


def started(pid: int) -> str:
    """The start time of a process, to compare for equality; empty if the process does not exist or is dead."""
    if not HAS_PROC:
        return "" if _ps(pid, "stat").startswith("Z") else _ps(pid, "lstart")
    fields = _stat(pid)
    if not fields or fields[0] in "ZX":
        return ""
    return fields[19]  # ticks since boot: no change of the clock can touch it


def command_line(pid: int) -> str:
    if not HAS_PROC:
        return _ps(pid, "args")
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def group_members(group: int) -> list[int]:
    if not HAS_PROC:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True).stdout
        pairs = (line.split() for line in listed.splitlines())
        return [int(pid) for pid, pgid in pairs if int(pgid) == group]
    return [pid for pid in _all() if (fields := _stat(pid)) and int(fields[2]) == group]


def running_from(folder: Path) -> list[int]:
    """The processes whose program lies in the folder."""
    return [pid for pid in _all() if command_line(pid).startswith(f"{folder}{os.sep}")]


def _all() -> list[int]:
    if not HAS_PROC:
        listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True).stdout
        return [int(pid) for pid in listed.split()]
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def listening_on(port: int) -> int | None:
    """The process behind a port of this machine; None if it is another user's, or cannot be found out."""
    if not HAS_PROC:
        if shutil.which("lsof") is None:
            return None
        asked = subprocess.run(["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-t"], capture_output=True, text=True)
        return int(asked.stdout.split()[0]) if asked.stdout.strip() else None
    sockets = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for row in (PROC / "net" / table).read_text().splitlines()[1:]:
                fields = row.split()
                if fields[3] == LISTENING and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    for pid in _all():
        with contextlib.suppress(OSError):
            for handle in (PROC / str(pid) / "fd").iterdir():
                with contextlib.suppress(OSError):
                    if os.readlink(handle) in sockets:
                        return pid
    return None


def described(port: int) -> str:
    """The process that listens on the port, for a message."""
    holder = listening_on(port)
    if holder is None:
        return "a program of another user"
    return f"process {holder}, {' '.join(command_line(holder).split())[:200]}"


def reap(pid: int) -> None:
    """Reaps a child of ours that has ended: until then it stays in the table."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _stat(pid: int) -> list[str]:
    """The fields behind the name, which is in brackets and may hold anything: state, parent, group, …"""
    try:
        return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return []


def _ps(pid: int, column: str) -> str:
    environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    asked = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", f"{column}="], capture_output=True, text=True,
                           env=environment)
    return asked.stdout.strip()
