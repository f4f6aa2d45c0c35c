"""Waits for an event, with a time limit."""

import time


def until(check, what, seconds=60, pause=0.2):
    """The first true answer of `check`; if none comes, a failure that names the event."""
    deadline = time.monotonic() + seconds
    while not (answer := check()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(pause)
    return answer
