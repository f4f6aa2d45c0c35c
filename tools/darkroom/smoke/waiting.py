"""Waits for an event, with a time limit."""
import time
from collections.abc import Callable

from darkroom.console import Failure


def until(check: Callable, what: str, *, seconds: float, pause: float = 1.0):
    """The first answer of `check` that is true."""
    deadline = time.monotonic() + seconds
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise Failure(f"not within {seconds:.0f} s: {what}")
        time.sleep(pause)
    return answer
