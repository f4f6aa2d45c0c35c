"""The engine hashes the code of a function once, and not at each of its checkpoints."""
import os
from types import SimpleNamespace

import pytest

from darkroom.stack.engine_code import Code

OLD, NEW = b"the first code", b"the second code"


@pytest.fixture
def service(tmp_path):
    """MiniStack's module, as far as it is asked here: it notes what it hashes."""
    hashed = []

    def write(code):
        hashed.append(code)
        name = code.decode().replace(" ", "-")
        (tmp_path / f"{name}.zip").touch()
        return name

    function = {"code_zip": OLD, "versions": {"1": {"code_zip": OLD}, "2": {"code_zip": None}}}
    return SimpleNamespace(_functions=SimpleNamespace(_data={"f": function}), _write_code_blob=write, hashed=hashed,
                           function=function, CODE_BLOB_DIR=str(tmp_path))


def test_the_code_of_a_function_and_of_its_versions_is_hashed_once(service):
    code = Code(service)
    code.learn()
    before = len(service.hashed)
    for _ in range(3):
        code.learn()
        assert service._write_code_blob(OLD) == "the-first-code"
    assert len(service.hashed) == before


def test_other_code_is_hashed_and_the_old_is_let_go(service):
    code = Code(service)
    code.learn()
    service.function |= {"code_zip": NEW, "versions": {}}
    code.learn()
    assert service.hashed[-1] == NEW
    assert [kept for kept, _ in code._names.values()] == [NEW]


def test_a_file_that_was_removed_is_written_again(service):
    code = Code(service)
    code.learn()
    file = os.path.join(service.CODE_BLOB_DIR, "the-first-code.zip")
    os.remove(file)
    assert service._write_code_blob(OLD) == "the-first-code" and os.path.exists(file)


def test_a_disk_that_is_full_does_not_end_the_checkpoints(service):
    def write(code):
        raise OSError("no space left on device")

    service._write_code_blob = write
    Code(service).learn()  # the child that writes the checkpoint meets the same, and the engine's log has it
