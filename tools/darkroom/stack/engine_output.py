"""Gives a call of a function all lines that the function wrote in it.

A function writes its lines before it answers, so they are in its pipe when the engine ends the call. A thread of the
engine reads that pipe, and may be late on a busy machine: the engine waits 50 ms for a first line and 5 ms for more.
Later lines come with the next call of that process, or are lost if there is none. Here the call itself reads the pipe.
"""
import contextlib
import os
import queue
import select
import threading

from ministack.core.lambda_runtime import ProvidedWorker

PART_BYTES = 65_536  # what a pipe holds


class Output:
    """The output of a function's process: bytes of a pipe, which become lines in a queue."""

    def __init__(self, pipe, lines: queue.Queue):
        self.lines = lines
        self._pipe = pipe
        self._begun = b""  # a line whose end is not there yet
        self._one_reader = threading.Lock()
        self._more = select.poll()  # not select(), which knows the first 1,024 files only
        self._more.register(pipe, select.POLLIN)
        os.set_blocking(pipe.fileno(), False)

    def wait(self) -> None:
        self._more.poll()

    def read(self) -> bool:
        """Reads everything that is there, and returns whether there may be more."""
        with self._one_reader:
            while not self._pipe.closed:
                try:
                    part = os.read(self._pipe.fileno(), PART_BYTES)
                except BlockingIOError:
                    return True
                if not part:
                    break
                *whole, self._begun = (self._begun + part).split(b"\n")
                for line in whole:
                    self._keep(line)
            return False

    def end(self) -> None:
        with self._one_reader:
            self._pipe.close()
            if self._begun:
                self._keep(self._begun)

    def _keep(self, line: bytes) -> None:
        """As the engine does: if the queue is full, the oldest line makes room."""
        with contextlib.suppress(queue.Empty):
            if self.lines.full():
                self.lines.get_nowait()
        self.lines.put_nowait(line.decode(errors="replace").rstrip("\r"))


def read_all_the_time(worker, pipe, lines: queue.Queue) -> None:
    """The engine's thread: a pipe that is not read would be full one day, and the function would wait."""
    worker.output = output = Output(pipe, lines)
    while output.read():
        output.wait()
    output.end()


def lines_of_the_call(worker, **_waits) -> str:
    if worker.output and worker.output.lines is worker._stderr_queue:
        worker.output.read()
    return worker._drain_stderr()


def give_each_call_its_lines() -> None:
    ProvidedWorker.output = None
    ProvidedWorker._pump_output = read_all_the_time
    ProvidedWorker._drain_stderr_bounded = lines_of_the_call
