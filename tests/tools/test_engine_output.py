"""A call of a function ends with all lines that the function wrote in it, however late the engine's thread is."""
import os
import queue
import threading
from types import SimpleNamespace

import pytest

from darkroom.stack.engine_output import Output, lines_of_the_call, read_all_the_time


@pytest.fixture
def function():
    """The pipe's end of a function, and the engine's side of it, as the engine has both before a thread has read."""
    read, write = os.pipe()
    lines = queue.Queue(maxsize=3)
    worker = SimpleNamespace(_stderr_queue=lines, output=None, pipe=os.fdopen(read, "rb", buffering=0))
    worker._drain_stderr = lambda: "\n".join(lines.get_nowait() for _ in range(lines.qsize()))
    with worker.pipe, os.fdopen(write, "wb", buffering=0) as worker.says:
        yield worker


def test_lines_that_no_thread_has_read_are_the_calls(function):
    function.output = Output(function.pipe, function._stderr_queue)
    function.says.write("été\r\nsecond\n".encode())
    assert lines_of_the_call(function) == "été\nsecond"
    assert lines_of_the_call(function) == "", "each line once"


def test_half_a_line_waits_for_its_end(function):
    function.output = Output(function.pipe, function._stderr_queue)
    function.says.write(b"one\ntw")
    assert lines_of_the_call(function) == "one"
    function.says.write(b"o\n")
    assert lines_of_the_call(function) == "two"


def test_of_too_many_lines_the_newest_are_kept(function):
    function.output = Output(function.pipe, function._stderr_queue)
    function.says.write(b"1\n2\n3\n4\n5\n")
    assert lines_of_the_call(function) == "3\n4\n5"


def test_the_thread_reads_until_the_function_ends(function):
    thread = threading.Thread(target=read_all_the_time, args=(function, function.pipe, function._stderr_queue))
    thread.start()
    function.says.write(b"one\nlast words")
    function.says.close()
    thread.join(60)
    assert not thread.is_alive() and function.pipe.closed
    assert lines_of_the_call(function) == "one\nlast words"


def test_the_lines_of_a_process_before_are_not_read_again(function):
    function.output = Output(function.pipe, queue.Queue())
    function.says.write(b"of the process before\n")
    assert lines_of_the_call(function) == ""
