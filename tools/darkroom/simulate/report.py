"""The result of a burst, in words."""
from darkroom.curves import percentiles
from darkroom.simulate.burst import Result

OUTCOMES = ("ready", "failed", "timed out", "dead letter")
PERCENTILES = (50, 90, 99, 100)


def lines(result: Result) -> list[str]:
    said = [", ".join(f"{outcome} {result.count(outcome):,}" for outcome in OUTCOMES)]
    if waits := result.waits():
        flow = len(waits) / result.completions()[-1]
        said += [f"PUT to ready: {percentiles(waits, PERCENTILES)}",
                 f"{flow:.2f} photos a second, from the first PUT to the last photo"]
    functions, machine, uploads = result.functions, result.machine, result.uploads
    said += [
        f"functions at once: {functions.most_busy:,} at most; executions in flight: {machine.most_running:,} at most",
        f"calls refused for want of concurrency: of workers {refused(result, 'validate', 'resize', 'watermark')}, "
        f"of the API {refused(result, 'api')}",
        f"queue: {uploads.most_waiting:,} messages waited at most, the most received one was received "
        f"{uploads.most_receives:,} times",
        f"state transitions for each photo: {machine.transitions / len(result.arrived):.2f}",
    ]
    return said


def refused(result: Result, *names: str) -> str:
    calls, no = (sum(counted[name] for name in names) for counted in (result.functions.calls, result.functions.refused))
    return f"{no:,} of {calls:,}"
