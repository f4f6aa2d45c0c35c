"""A shipped binary starts on Lambda, and the same binary always gives the same zip."""

import contextlib

import pytest

from darkroom.console import Failure
from darkroom.deploy import build


def elf(tmp_path, machine, *versions):
    """The parts of a binary that the build reads: the head, and the names of glibc's versions."""
    path = tmp_path / "bootstrap"
    names = b"".join(b"\0" + version for version in (b"libc.so.6", *versions))
    path.write_bytes(b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little") + bytes(44) + names + b"\0")
    return path


@pytest.mark.parametrize(
    ("versions", "newest"),
    [((b"GLIBC_2.17", b"GLIBC_2.34", b"GLIBC_2.4"), (2, 34)), ((b"GLIBC_2.2.5",), (2, 2)), ((), (0, 0))],
)
def test_the_newest_glibc_counts(tmp_path, versions, newest):
    assert build.check_elf("resize", elf(tmp_path, 183, *versions), "arm64") == newest


def test_too_new_a_glibc_is_not_shipped(tmp_path):
    with pytest.raises(Failure, match=r"resize wants glibc 2\.38"):
        build.check_elf("resize", elf(tmp_path, 183, b"GLIBC_2.17", b"GLIBC_2.38"), "arm64")


def test_a_binary_of_another_machine_is_not_shipped(tmp_path):
    with pytest.raises(Failure, match="not a Linux binary for arm64"):
        build.check_elf("resize", elf(tmp_path, 62), "arm64")
    with pytest.raises(Failure, match="not a Linux binary for arm64"):
        build.check_elf("resize", tmp_path / "nothing", "arm64")


def test_the_same_binary_gives_the_same_zip(tmp_path):
    binary = elf(tmp_path, 183)
    first = build.zipped(binary)
    binary.touch()
    binary.chmod(0o600)
    assert build.zipped(binary) == first
    assert build.code_sha256(first) == build.code_sha256(build.zipped(binary))


def test_a_zip_is_kept_until_its_binary_changes(tmp_path, monkeypatch):
    binary = elf(tmp_path, 62)
    first = build.zipped_once(binary)
    monkeypatch.setattr(build, "zipped", lambda *_: pytest.fail("zipped again"))
    assert build.zipped_once(binary) == first
    monkeypatch.undo()
    binary.write_bytes(binary.read_bytes() + b"more")
    assert build.zipped_once(binary) != first
    assert len(list((tmp_path / "zips").iterdir())) == 1, "the old one is gone"


@pytest.mark.parametrize(("says", "code"), [("error: recipe.json: no such variant", 2), ("", 0)])
def test_a_recipe_that_the_command_line_refuses_is_not_shipped(tmp_path, monkeypatch, says, code):
    program = tmp_path / "darkroom"
    program.write_text(f'#!/bin/sh\n[ "$*" = "recipe {build.RECIPE}" ] || exit 9\necho "{says}" >&2\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setattr(build, "command_line", lambda: program)
    with pytest.raises(Failure, match=r"^recipe\.json: no such variant") if code else contextlib.nullcontext():
        build.check_recipe()


def test_where_sources_lie_is_not_built_in(monkeypatch):
    monkeypatch.setenv("CARGO_HOME", "/home/ada/cargo")
    monkeypatch.setenv("RUSTFLAGS", "-Copt-level=2")
    assert build._flags("arm64").split() == [
        "-Copt-level=2", "-Ctarget-cpu=neoverse-n1", "--remap-path-prefix=/home/ada/cargo=/cargo",
        f"--remap-path-prefix={build.REPOSITORY}=/darkroom",
    ]


def test_heic_is_built_in_only_where_the_owner_said_so(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(build, "_cargo", lambda command, _: asked.append(command))
    for name in ("check_elf", "with_zig"):
        monkeypatch.setattr(build, name, lambda *_: {})
    monkeypatch.setattr(build.venv_setup, "ensure", lambda *_, **__: None)
    stack = build.Stack.from_environment()
    for reads_heic in (True, False):
        build.for_aws("arm64", stack, reads_heic=reads_heic)
    assert ["--no-default-features" in command for command in asked] == [False, True]
    assert all(command.count("-p") == len(build.functions()) for command in asked), "one command, so one answer for all"
