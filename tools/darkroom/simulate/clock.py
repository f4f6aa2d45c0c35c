"""A clock that runs as fast as its events: processes are generators that yield how many seconds they wait."""
import heapq
import itertools
from collections.abc import Callable, Iterator

Process = Iterator[float]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, Process]] = []
        self._order = itertools.count()  # of events at the same moment: the one that was there first

    def start(self, process: Process, at: float | None = None) -> None:
        heapq.heappush(self._waiting, (self.now if at is None else at, next(self._order), process))

    def run(self, is_over: Callable[[], bool]) -> None:
        while self._waiting and not is_over():
            self.now, _, process = heapq.heappop(self._waiting)
            wait = next(process, None)
            if wait is not None:
                self.start(process, self.now + wait)


class Bucket:
    """A token bucket, as AWS throttles by: so many requests at once, and so many more each second."""

    def __init__(self, clock: Clock, size: float, refill: float) -> None:
        self._clock, self._size, self._refill = clock, size, refill
        self._tokens, self._since = float(size), 0.0

    def take(self) -> bool:
        now = self._clock.now
        self._tokens = min(self._size, self._tokens + (now - self._since) * self._refill)
        self._since = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
