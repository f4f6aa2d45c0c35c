"""The services of AWS, as far as a burst meets their limits: Lambda's concurrency, SQS, Step Functions."""
import heapq
import random
from collections import Counter, deque
from collections.abc import Callable

from darkroom.simulate.clock import Bucket, Clock, Process
from darkroom.simulate.rules import Queue, Rules

THROTTLED = "Lambda.TooManyRequestsException"


# Called with a photo's number and its outcome: ready, failed, timed out, or dead letter.
OnEnd = Callable[[int, str], None]


class Message:
    __slots__ = ("is_deleted", "photo", "receives")

    def __init__(self, photo: int) -> None:
        self.photo, self.receives, self.is_deleted = photo, 0, False


class Functions:
    """Lambda: one concurrency for all functions of the account."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self._clock, self._rules = clock, rules
        self._warm: Counter[str] = Counter()
        self._grows: dict[str, Bucket] = {}
        self.busy = self.most_busy = 0
        self.refused: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    def enter(self, name: str) -> float | None:
        """How long the call waits for its sandbox; None if Lambda refuses the call."""
        self.calls[name] += 1
        quotas = self._rules.quotas
        growth = self._grows.setdefault(name, Bucket(self._clock, *quotas.new_environments))
        if self.busy >= quotas.concurrency or not (self._warm[name] or growth.take()):
            self.refused[name] += 1
            return None
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        if self._warm[name]:
            self._warm[name] -= 1
            return 0.0
        return self._rules.times.cold_start

    def leave(self, name: str) -> None:
        self.busy -= 1
        self._warm[name] += 1


class MessageQueue:
    """SQS: a message that was received is hidden, and a dead letter once it was received too often."""

    def __init__(self, clock: Clock, settings: Queue, on_end: OnEnd) -> None:
        self._clock, self._settings, self._on_end = clock, settings, on_end
        self._visible: deque[Message] = deque()
        self._hidden: list[tuple[float, int, Message]] = []
        self._order = 0
        self.most_receives = 0
        self.most_waiting = 0

    def send(self, message: Message) -> None:
        self._visible.append(message)
        self.most_waiting = max(self.most_waiting, len(self._visible))

    def receive(self) -> list[Message]:
        now = self._clock.now
        while self._hidden and self._hidden[0][0] <= now:
            _, _, message = heapq.heappop(self._hidden)
            if not message.is_deleted:
                self._visible.append(message)
        batch: list[Message] = []
        while self._visible and len(batch) < self._settings.batch:
            message = self._visible.popleft()
            if message.receives >= self._settings.max_receives:
                self._on_end(message.photo, "dead letter")
                continue
            message.receives += 1
            self.most_receives = max(self.most_receives, message.receives)
            self._order += 1
            heapq.heappush(self._hidden, (now + self._settings.visibility_s, self._order, message))
            batch.append(message)
        return batch


class StateMachine:
    """Step Functions: an execution calls one worker after the other and tries again as the definition says."""

    def __init__(self, clock: Clock, rules: Rules, functions: Functions, chance: random.Random, on_end: OnEnd) -> None:
        self._clock, self._rules, self._functions = clock, rules, functions
        self._chance, self._on_end = chance, on_end
        self._starts = Bucket(clock, *rules.quotas.start_execution)
        self._steps = Bucket(clock, *rules.quotas.state_transitions)
        self._lists = Bucket(clock, *rules.quotas.list_executions)
        self._running: dict[int, float] = {}  # since when, by photo
        self._ended: deque[tuple[float, int, float]] = deque()
        self.most_running = self.transitions = self.lists = 0

    def start(self, photo: int) -> bool:
        if not self._starts.take():
            return False
        self._running[photo] = self._clock.now
        self.most_running = max(self.most_running, len(self._running))
        self._clock.start(self._execution(photo))
        return True

    def listed(self, at_most: int) -> set[int] | None:
        """The executions that ran a moment ago, as AWS lists them; None if AWS throttles the request."""
        self.lists += 1
        if not self._lists.take():
            return None
        then = self._clock.now - self._rules.times.list_is_behind
        while self._ended and self._ended[0][0] < then:
            self._ended.popleft()
        names = [name for name, since in self._running.items() if since <= then]
        names += [name for _, name, since in self._ended if since <= then]
        return set(names[:at_most])

    def _execution(self, photo: int) -> Process:
        began = self._clock.now
        outcome = "ready"
        for state in self._rules.path:
            retries: Counter[int] = Counter()
            while True:
                while not self._steps.take():
                    yield 0.1
                self.transitions += 1
                yield self._rules.times.between_states
                error = yield from self._attempt(state.function)
                if error is None:
                    break
                retrier = state.retrier(error)
                if retrier is None or retries[id(retrier)] >= retrier.attempts:
                    outcome = "failed"
                    break
                delay = retrier.delay(retries[id(retrier)])
                retries[id(retrier)] += 1
                yield self._chance.random() * delay if retrier.is_jittered else delay
                if self._clock.now - began > self._rules.machine_timeout_s:
                    outcome = "timed out"
                    break
            if outcome != "ready":
                break
        self._ended.append((self._clock.now, photo, self._running.pop(photo)))
        self._on_end(photo, outcome)

    def _attempt(self, function: str | None):
        """Returns the error's name; None is a success."""
        times = self._rules.times
        if function is None:
            yield times.write
            return None
        starting = self._functions.enter(function)
        if starting is None:
            return THROTTLED
        yield starting + times.workers[function] * self._chance.lognormvariate(0, times.spread)
        self._functions.leave(function)
        return None
