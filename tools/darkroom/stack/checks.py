"""Ports and disks of this machine."""
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

from darkroom.console import Failure, say
from darkroom.paths import web_port

ENOUGH = 4_000_000_000


def room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < ENOUGH:
        say(f"Only {free / 1e9:.1f} GB are free in {folder}; "
            f"a first build and Terraform's provider take {ENOUGH / 1e9:.0f}")


def full_disk(folders: Iterable[Path]) -> Failure:
    """The error for a full disk. The system does not say which one, so this finds it."""
    left = {folder: shutil.disk_usage(folder).free for folder in folders if folder.exists()}
    fullest = min(left, key=left.__getitem__)
    return Failure(f"the disk is full: {left[fullest] / 1e6:.0f} MB are left in {fullest}",
                   hint="free some space, then run it again; nothing is lost")


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A free port for a stack: the web app's port, which follows from it, is free too."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port_is_free(web_port(port)):
            return port
