"""Waits for an event, with a time limit."""

import time


def until(check, what, seconds=60, pause=None):
    """The first true answer of `check`; if none comes, a failure that names the event. Between two looks it pauses as
    long as it is told, or else for a third of what it has waited so far: looks cost what they wait for its CPU."""
    began = time.monotonic()
    while not (answer := check()):
        waited = time.monotonic() - began
        assert waited < seconds, f"not within {seconds} s: {what}"
        time.sleep(pause or min(max(waited / 3, 0.1), 1))
    return answer
