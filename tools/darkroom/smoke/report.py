"""The report: what each step proved and how long it took, a line each for people, one JSON document for programs."""
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.console import Failure

OK, SKIPPED, FAILED = "ok", "skip", "FAIL"
SEEN, UNSEEN, WRONG = "seen", "unseen", "WRONG"
KNOWN = (Failure, ClientError, BotoCoreError, OSError)


class NotHere(Exception):
    """This environment has nothing to look at; the text says why."""


@dataclass
class Step:
    name: str
    verdict: str
    said: str
    seconds: float


@dataclass
class Belief:
    """Something that only an account can settle."""

    name: str
    verdict: str
    said: str


@dataclass
class Report:
    environment: str
    api_url: str
    local: bool
    json: bool = False
    steps: list[Step] = field(default_factory=list)
    beliefs: list[Belief] = field(default_factory=list)

    def prove(self, name: str, step: Callable[[], str], *needs: str) -> bool:
        """Runs a step, unless one that it needs was not done, and prints its result."""
        begun = time.monotonic()
        verdict, said = SKIPPED, ""
        if missing := [need for need in needs if not self.done(need)]:
            said = f"needs the step {missing[0]}"
        else:
            try:
                verdict, said = OK, step()
            except NotHere as reason:
                said = str(reason)
            except KNOWN as error:
                verdict, said = FAILED, str(error)
            except (KeyError, StopIteration, ValueError) as error:
                verdict, said = FAILED, f"an answer is not as its documentation describes it: {error!r}"
        self.steps.append(Step(name, verdict, said, round(time.monotonic() - begun, 1)))
        self.say(f"{verdict:4}  {name:10} {self.steps[-1].seconds:6.1f} s  {said}")
        return verdict == OK

    def settle(self, name: str, look: Callable[[], tuple[str, str]], *needs: str) -> None:
        """Looks at one belief; `tell_beliefs` says what came of it. What the laptop's engine shows settles nothing."""
        verdict = UNSEEN
        if missing := [need for need in needs if not self.done(need)]:
            said = f"needs the step {missing[0]}"
        else:
            try:
                verdict, said = look()
            except NotHere as reason:
                said = str(reason)
            except KNOWN as error:  # a permission that this person lacks says nothing about the environment
                said = f"could not be looked at: {error}"
        if self.local and verdict == SEEN:
            verdict, said = UNSEEN, f"the engine allows everything; here {said}"
        self.beliefs.append(Belief(name, verdict, said))

    def tell_beliefs(self) -> None:
        self.say()
        self.say("What only an account can settle (docs/DEPLOY.md):")
        for belief in self.beliefs:
            self.say(f"{belief.verdict:6}  {belief.name}: {belief.said}")

    def done(self, name: str) -> bool:
        return any(step.name == name and step.verdict == OK for step in self.steps)

    @property
    def ok(self) -> bool:
        return all(step.verdict != FAILED for step in self.steps) and all(
            belief.verdict != WRONG for belief in self.beliefs)

    def say(self, text: str = "") -> None:
        text = text.replace("\n", "\n        ")
        print(text, file=sys.stderr if self.json else sys.stdout, flush=True)

    def document(self) -> dict:
        return {
            "environment": self.environment, "api_url": self.api_url, "ok": self.ok,
            "seconds": round(sum(step.seconds for step in self.steps), 1),
            "steps": [asdict(step) for step in self.steps], "beliefs": [asdict(belief) for belief in self.beliefs],
        }
