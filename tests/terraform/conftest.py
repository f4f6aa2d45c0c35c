import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import rendered

ENVIRONMENTS = ("dev", "staging", "prod")


@pytest.fixture(scope="session")
def environments(tmp_path_factory):
    """Each AWS environment, applied on a mocked provider: some ten seconds each, so once for all tests."""
    code = rendered.copy_of_the_code(tmp_path_factory.mktemp("code"))
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(ENVIRONMENTS, pool.map(lambda name: rendered.render(code, name), ENVIRONMENTS), strict=True))


@pytest.fixture(scope="session")
def same_as_file():
    """Compares with a file of the repository; DARKROOM_WRITE=1 writes it instead, to be looked at in the diff."""

    def compare(path: Path, text: str):
        if os.environ.get("DARKROOM_WRITE"):
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(text, encoding="utf-8")
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        # pytest shows the lines that differ.
        assert text.splitlines() == there.splitlines(), f"{path.name}: DARKROOM_WRITE=1 make test-terraform, and look"

    return compare
