"""A burst: photos arrive, the queue's mapping hands them to the orchestrator, which starts executions at its pace; an
announcement and a webhook follow each; and people use the API meanwhile."""
import random
from dataclasses import dataclass, field

from darkroom.simulate.clock import Clock, Process
from darkroom.simulate.rules import Rules
from darkroom.simulate.services import Functions, Message, MessageQueue, StateMachine

LISTED = float("-inf")
IDLE = 0.25  # seconds until an idle consumer looks again


class Pacer:
    """The pace of one sandbox, as lambdas/orchestrator/src/pace.rs decides it."""

    def __init__(self, clock: Clock, rules: Rules, machine: StateMachine) -> None:
        self._clock, self._rules, self._machine = clock, rules, machine
        self._asked = float("-inf")
        self._own: dict[int, float] = {}  # since when, by photo; for ever once a list has named it
        self.left = 0

    def is_stale(self) -> bool:
        return self._clock.now >= self.next_question()

    def next_question(self) -> float:
        return self._asked + self._rules.pace.period_s

    def ask(self) -> bool:
        pace, now = self._rules.pace, self._clock.now
        sandboxes = self._rules.uploads.sandboxes
        running = self._machine.listed(pace.in_flight + sandboxes)
        if running is None:
            return False
        listed = {photo: LISTED for photo in self._own if photo in running}
        unlisted = {photo: since for photo, since in self._own.items()
                    if photo not in running and now - since < pace.unlisted_s}
        self._own = listed | unlisted
        free = pace.in_flight - len(running) - len(unlisted)
        share = -(-pace.in_flight // sandboxes)
        self.left = max(0, min(free, share - len(self._own)))
        self._asked = now
        return True

    def started(self, photo: int) -> None:
        self.left -= 1
        self._own[photo] = self._clock.now


@dataclass
class Result:
    """The outcomes of the photos, and the counts of the services."""

    rules: Rules
    arrived: list[float]
    outcomes: list[str | None]
    ended: list[float]
    functions: Functions
    machine: StateMachine
    uploads: MessageQueue

    def count(self, outcome: str) -> int:
        return self.outcomes.count(outcome)

    def waits(self) -> list[float]:
        """Seconds from the PUT to `ready`, the shortest first."""
        return sorted(end - begin for begin, end, outcome in zip(self.arrived, self.ended, self.outcomes, strict=True)
                      if outcome == "ready")

    def completions(self) -> list[float]:
        return sorted(end for end, outcome in zip(self.ended, self.outcomes, strict=True) if outcome == "ready")


@dataclass
class Burst:
    rules: Rules
    photos: int
    seconds: float = 60.0
    api_per_second: float = 5.0
    seed: int = 1
    clock: Clock = field(default_factory=Clock)

    def run(self) -> Result:
        self.chance = random.Random(self.seed)
        self.arrived = sorted(self.chance.random() * self.seconds for _ in range(self.photos))
        self.outcomes: list[str | None] = [None] * self.photos
        self.ended = [0.0] * self.photos
        self.undecided = self.photos
        self.changes = self.announced = 0
        self.functions = Functions(self.clock, self.rules)
        self.machine = StateMachine(self.clock, self.rules, self.functions, self.chance, self._end)
        self.uploads = MessageQueue(self.clock, self.rules.uploads, self._end)
        self.clock.start(self._arrivals())
        for _ in range(self.rules.uploads.sandboxes):
            self.clock.start(self._intake())
        self.clock.start(self._announce())
        for _ in range(self.rules.webhooks.sandboxes):
            self.clock.start(self._call_webhooks())
        self.clock.start(self._people())
        self.clock.run(lambda: self.undecided == 0)
        return Result(
            self.rules, self.arrived, self.outcomes, self.ended, self.functions, self.machine, self.uploads
        )

    def _end(self, photo: int, outcome: str) -> None:
        self.outcomes[photo], self.ended[photo] = outcome, self.clock.now
        self.undecided -= 1
        self.changes += 1

    def _arrivals(self) -> Process:
        for photo, moment in enumerate(self.arrived):
            yield moment - self.clock.now
            self.uploads.send(Message(photo))

    def _intake(self) -> Process:
        """One of the mapping's concurrent calls of the orchestrator, again and again."""
        pacer = Pacer(self.clock, self.rules, self.machine) if self.rules.pace else None
        while True:
            batch = self.uploads.receive()
            if not batch:
                yield IDLE
                continue
            visible_again = self.clock.now + self.rules.uploads.visibility_s
            yield self.rules.times.poll
            while (starting := self.functions.enter("orchestrator")) is None and self.clock.now < visible_again:
                yield 1.0
            if starting is not None:
                yield starting
                yield from self._start(batch, pacer)
                self.functions.leave("orchestrator")

    def _start(self, batch: list[Message], pacer: Pacer | None) -> Process:
        """One invocation, its messages side by side. Messages that are left when its time ends come again."""
        times = self.rules.times
        until = self.clock.now + self.rules.pace.longest_wait_s if pacer else 0.0
        while batch:
            if pacer and pacer.is_stale():
                yield times.list
                if not pacer.ask():
                    return  # an error: the messages go back
            startable = batch[: pacer.left] if pacer else batch
            if startable:
                yield times.mark + times.start
                self._start_now(startable, pacer)
                batch = batch[len(startable):]
            elif pacer.next_question() > until:
                return
            else:
                yield max(0.0, pacer.next_question() - self.clock.now)

    def _start_now(self, messages: list[Message], pacer: Pacer | None) -> None:
        for message in messages:
            if self.machine.start(message.photo):
                message.is_deleted = True
                if pacer:
                    pacer.started(message.photo)

    def _announce(self) -> Process:
        """Reads the table's stream, one batch after the other."""
        while True:
            if self.changes == 0:
                yield IDLE
                continue
            if (starting := self.functions.enter("announce")) is None:
                yield 1.0
                continue
            told = min(self.changes, 10)
            self.changes -= told
            yield starting + self.rules.times.announce
            self.functions.leave("announce")
            self.announced += told

    def _call_webhooks(self) -> Process:
        """Calls webhooks as if each owner had one."""
        while True:
            called = min(self.announced, self.rules.webhooks.batch)
            if called == 0 or (starting := self.functions.enter("webhook")) is None:
                yield IDLE
                continue
            self.announced -= called
            yield starting + self.rules.times.webhook
            self.functions.leave("webhook")

    def _people(self) -> Process:
        """Requests of the API, at random moments. One that Lambda refuses is an error that a person sees."""
        while True:
            yield self.chance.expovariate(self.api_per_second)
            self.clock.start(self._request())

    def _request(self) -> Process:
        if (starting := self.functions.enter("api")) is not None:
            yield starting + self.rules.times.api
            self.functions.leave("api")
