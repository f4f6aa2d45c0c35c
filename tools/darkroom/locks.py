"""A lock for a folder: a program that changes the folder waits until no other one does."""
import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from darkroom.console import say


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """The kernel releases the lock when its holder ends, however that happens; the file alone means nothing."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            say(f"Waiting for process {file.read().strip() or '?'}, which is at work on {lock.parent}")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
