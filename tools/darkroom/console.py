"""Output for the user: one line per step, a live one while a step runs, and errors without a traceback."""
import os
import signal
import sys
import threading
import time
from collections.abc import Callable


class Failure(Exception):
    """An error that the user can fix: its text is printed, and the advice on a line of its own."""

    def __init__(self, text: str, *, hint: str = ""):
        super().__init__(hinted(text, hint) if hint else text)


def hinted(text: str, hint: str) -> str:
    return f"{text}\nhint: {hint}"


def run(main, *arguments, known=(), interrupted="\ninterrupted") -> None:
    """Runs a whole program and ends the process, with a line for a Failure and for the errors that are `known`.

    SIGTERM interrupts it as Ctrl-C does: the programs that it started are ended first.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = main(*arguments)
        sys.stdout.flush()
        sys.exit(code)
    except (Failure, *known) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(interrupted)
    except BrokenPipeError:
        # `make logs | head` closes the pipe early. Python must not report that a second time while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Step:
    """`with Step("Provisioning") as step: step.note = "12 of 60"`; ends as `Provisioning … done (41 s)`.

    On a terminal the line is redrawn every half second; elsewhere a plain line follows every 15 seconds, so that
    a build log shows life without being flooded.
    """

    def __init__(self, title: str):
        self.title = title
        self.note: str | Callable[[], str] = ""
        self.result = "done"
        self._live = sys.stderr.isatty()
        self._over = threading.Event()
        self._begun = 0.0

    def __enter__(self) -> "Step":
        self._begun = time.monotonic()
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind, _error, _trace) -> None:
        self._over.set()
        self._thread.join()
        self._line("failed" if kind else self.result, end=True)

    def seconds(self) -> int:
        return round(time.monotonic() - self._begun)

    def _draw(self) -> None:
        pause = 0.5 if self._live else 15
        while not self._over.wait(pause):
            self._line(self.note() if callable(self.note) else self.note, end=False)

    def _line(self, text: str, *, end: bool) -> None:
        line = f"{self.title} … {text}{' ' if text else ''}({self.seconds()} s)"
        if self._live:
            print(f"\r\033[K{line}", end="\n" if end else "", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)


def say(text: str = "") -> None:
    print(text, file=sys.stderr, flush=True)
