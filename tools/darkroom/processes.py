"""Who a process is. A process id alone says nothing: numbers are reused."""
import os
import subprocess
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()  # Linux; elsewhere `ps` answers


def started(pid: int) -> str:
    """When it started, in a form that only equals itself; empty when there is no such process, or a dead one."""
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
    pids = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    return [pid for pid in pids if (fields := _stat(pid)) and int(fields[2]) == group]


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
