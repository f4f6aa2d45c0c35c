"""Each worker stays within the memory and the time of settings/functions.json: over every file made to hurt, every
fixture, and the largest pictures that the limits admit. `make test-ceilings` prints what each took."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from darkroom.deploy import build
from tests.ceilings.pictures import LARGEST
from tests.ceilings.workers import Workers, running
from tests.support.running_stack import REPOSITORY

# The rest of the memory is for the kernel and for what malloc keeps on a bad day; that of the time for waiting for S3.
# The AWS SDK of these binaries is not optimised (ADR 40), so moving bytes takes longer here than on Lambda.
# Quick binaries on a slow core use 0.7 of the time for a header behind 50 MB of comments: their SDK is not optimised.
MEMORY_SHARE, TIME_SHARE = 0.8, 0.8
FIXTURES = ("fixtures/images", "crates/scaledown-jpeg/tests/fixtures")
NO_PICTURES = (".py", ".md", ".txt")


@pytest.fixture(scope="session")
def folder():
    return os.environ.get("BINARIES") or build.compile_workspace()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """Small files: those that src/imaging/tests/hostile makes, and every fixture."""
    made = tmp_path_factory.mktemp("hostile")
    # With the features of the unit tests, which have compiled all of it.
    command = ["cargo", "build", "--quiet", "--workspace", "--locked", "--example", "hostile"]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    subprocess.run([build.target_directory() / "debug/examples/hostile", made], check=True)
    files = list(made.iterdir())
    assert len(files) > 150
    for place in FIXTURES:
        here = [path for path in (REPOSITORY / place).iterdir() if path.is_file()]
        files.extend(path for path in here if path.suffix not in NO_PICTURES)
    return sorted(files)


def test_r22_every_worker_stays_within_its_memory_and_its_time(folder, hostile, capsys):
    worst, outcomes = Worst(), set()
    with ThreadPoolExecutor(1) as pool, running(folder) as workers:
        # The largest pictures are made beside the work on the small files, one by one: they are large.
        makers = {name: pool.submit(make) for name, make in LARGEST.items()}
        for path in hostile:
            spent, error = workers.develop(path.read_bytes())
            assert error is None or error.startswith("Image."), (path.name, error)
            worst.note(path.name, spent)
            outcomes.add(error)
        for name in LARGEST:
            spent, error = workers.develop(makers.pop(name).result())
            worst.note(name, spent)
            assert error is None, f"{name} is within the limits, and refused: {error}"
    assert {None, "Image.Corrupt", "Image.TooManyPixels", "Image.TooComplex", "Image.Unsupported"} <= outcomes
    with capsys.disabled():
        print("\n" + worst.table(workers))
    assert not worst.beyond(workers)


class Worst:
    """The largest figures of each worker, and the files that they are of."""

    def __init__(self):
        self._memory, self._time = dict.fromkeys(Workers.STAGES, (0, "")), dict.fromkeys(Workers.STAGES, (0, ""))

    def note(self, name, spent):
        for stage, took in spent.items():
            self._memory[stage] = max(self._memory[stage], (took.peak_mb, name))
            self._time[stage] = max(self._time[stage], (took, name), key=lambda pair: getattr(pair[0], "cpu_s", 0))

    def _rows(self, workers):
        for stage, worker in workers.workers.items():
            peak, largest = self._memory[stage]
            spent, slowest = self._time[stage]
            settings = worker.settings
            yield (stage, peak, settings["memory_mb"] * MEMORY_SHARE, largest,
                   spent.lambda_s(settings["memory_mb"]), settings["timeout_s"] * TIME_SHARE, slowest)

    def table(self, workers):
        lines = ["worker     peak MB  allowed  of                                   seconds  allowed  of"]
        for stage, peak, memory, largest, took, time, slowest in self._rows(workers):
            lines.append(f"{stage:10} {peak:7.0f}  {memory:7.0f}  {largest[:35]:35}  "
                         f"{took:7.2f}  {time:7.1f}  {slowest[:35]}")
        return "\n".join(lines)

    def beyond(self, workers):
        return [row for row in self._rows(workers) if row[1] > row[2] or row[4] > row[5]]
