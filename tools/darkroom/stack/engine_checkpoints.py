"""Checkpoints of the engine's state every few seconds while something happens.

MiniStack writes its state only when it is stopped properly, so a crash, a kill or a flat battery would lose every
user and record since the last `make up`. This asks the engine for the same snapshot while it runs. The functions used
are those of the pinned version.
"""
import asyncio
import copy
import json
import logging
import os
import resource
import signal
import threading
import time

from engine_code import Code
from ministack import app as ministack
from ministack.core import persistence
from ministack.services import lambda_svc

INTERVAL_SECONDS = 10
CHILD_SECONDS = 30
QUIET = ("/_ministack/", "/_localstack/", "/health")  # looking does not change anything

log = logging.getLogger("darkroom.checkpoint")


class Checkpoints:
    """An ASGI wrapper that notices requests, and a thread that saves the state after them."""

    def __init__(self, application):
        self._application = application
        self._last_request = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="checkpoint")
        self._code = Code(lambda_svc)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            receive = self._ending(receive)
        elif not scope.get("path", "").startswith(QUIET):
            self._last_request = time.monotonic()
        await self._application(scope, receive, send)

    def start(self):
        # The engine logs each file it saves; every ten seconds that would bury everything else.
        logging.getLogger("persistence").setLevel(logging.WARNING)
        self._thread.start()

    def _ending(self, receive):
        """Stops before the shutdown, when the engine saves by itself."""

        async def wrapped():
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._stop.set()
                await asyncio.to_thread(self._thread.join)
            return message

        return wrapped

    def _run(self):
        while not self._stop.wait(INTERVAL_SECONDS):
            # Two intervals: what a request set going (an execution, a queue poll) ends after the request itself.
            if time.monotonic() - self._last_request < 2 * INTERVAL_SECONDS:
                self._code.learn()
                if not saved_by_a_child():
                    save()


def saved_by_a_child() -> bool:
    """A forked child has the whole state as of one moment, and writes it while the engine goes on. In the engine's
    own process the same took a third of its time while photos were developed."""
    # Under the engine's lock for unpacking code, as its own forks: a child with an open file of code makes it unusable.
    with lambda_svc._provided_code_lock:
        child = os.fork()
    if child == 0:
        _save_and_end()
    # A lock that another thread held at the fork stays locked in the child: it could wait for ever.
    deadline = time.monotonic() + CHILD_SECONDS
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.05)
    return ended[1] == 0


def _save_and_end():
    """In the child: no other thread runs here, so nothing needs to be copied before it is written."""
    failed = 1
    try:
        # A connection that the engine closes must end, and not stay open here.
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        copy.deepcopy = lambda value, memo=None: value
        # `dump` writes piece by piece in Python, `dumps` in C and ten times as fast.
        persistence.json.dump = lambda value, file, **options: file.write(json.dumps(value, **options))
        engine = os.getppid()
        save(goes_on=lambda: os.getppid() == engine)
        failed = 0
    finally:
        os._exit(failed)


def save(goes_on=lambda: True):
    for name, get_state in ministack._build_persistence_save_dict().items():
        # In the engine's process the services go on meanwhile; a dictionary that grew is copied once more.
        for _attempt in range(5):
            try:
                state = get_state()
            except RuntimeError:
                time.sleep(0.05)
                continue
            except Exception as error:  # one service's trouble must not cost the others their checkpoint
                log.warning("no checkpoint of %s: %s", name, error)
                break
            if state is not None and goes_on():
                persistence.save_state(name, state)
            break
