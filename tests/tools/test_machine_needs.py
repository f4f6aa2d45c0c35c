"""Missing programs are named at once, with the command that installs each; each version stands in one file."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from darkroom import requirements
from darkroom.console import Failure

ROOT = Path(__file__).resolve().parents[2]
LEAST = {tool: requirements.least(tool) for tool in requirements.SOURCES}
SAYS = {"cargo": f"cargo {LEAST['rust']} (abc)", "cc": "cc 12.2.0", "terraform": f"Terraform v{LEAST['terraform']}.0",
        "git": "git version 2.39.5", "make": "GNU Make 4.3", "node": f"v{LEAST['node']}.0.0", "npm": "10.8.2",
        "curl": "curl 7.88.1 (x86_64)"}
SYSTEMS = {"debian": 'ID=debian\nVERSION_CODENAME="bookworm"',
           "ubuntu": "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble",
           "fedora": "ID=fedora", "rocky": 'ID="rocky"\nID_LIKE="rhel centos fedora"'}


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with these programs and no others, each with the version that it prints."""

    def has(system="debian", **programs):
        for name, says in programs.items():
            (tmp_path / name).write_text(f"#!/bin/sh\necho '{says}'\n")
            (tmp_path / name).chmod(0o755)
        (tmp_path / "os-release").write_text(SYSTEMS[system])
        monkeypatch.setattr(requirements, "OS_RELEASE", tmp_path / "os-release")
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setenv("PATH", str(tmp_path))

    return has


def said(who):
    with pytest.raises(Failure) as failure:
        requirements.ensure(who)
    return str(failure.value).splitlines()


@pytest.mark.parametrize("who", ["up", "test", "lint", "ci", "python", "node"])
def test_a_machine_that_has_everything_is_left_alone(machine, who):
    machine(**SAYS)
    requirements.ensure(who)


def test_all_that_is_missing_is_said_at_once(machine):
    machine(**SAYS | {"cargo": "cargo 1.9.9 (abc)", "terraform": "Terraform v1.9.8", "node": "v9.20.4"})
    trouble, *hints = said("test")
    assert trouble == (
        f"this machine lacks Rust {LEAST['rust']} or newer (1.9.9 is here), "
        f"Terraform {LEAST['terraform']} or newer (1.9.8 is here), Node {LEAST['node']} or newer (9.20.4 is here)")
    assert [hint.rpartition("  # ")[2] for hint in hints] == ["Rust", "Terraform", "Node"]
    assert all(hint.startswith("hint: ") for hint in hints)


def test_node_is_for_the_web_app_and_curl_for_the_tests_only(machine):
    machine(**{name: says for name, says in SAYS.items() if name not in ("node", "npm", "curl")})
    lacking = f"Node {LEAST['node']} or newer (missing), npm (missing)"
    assert said("up")[0] == f"this machine lacks {lacking}"
    assert said("test")[0] == f"this machine lacks {lacking}, curl (missing)"
    assert said("node")[1:] == [f"hint: {requirements.install('node')}  # Node, npm"], "one command brings both"


@pytest.mark.parametrize(("system", "command"), [
    ("debian", "sudo apt-get install gcc libc6-dev"), ("ubuntu", "sudo apt-get install gcc libc6-dev"),
    ("fedora", "sudo dnf install gcc"), ("rocky", "sudo dnf install gcc"),
])
def test_the_command_is_that_of_the_system(machine, system, command):
    machine(system, **{name: says for name, says in SAYS.items() if name != "cc"})
    assert said("up") == ["this machine lacks a C compiler (missing)", f"hint: {command}  # a C compiler"]


def test_on_macos_it_is_brew(machine, monkeypatch):
    machine()
    monkeypatch.setattr(sys, "platform", "darwin")
    commands = {tool: requirements.install(tool) for tool in requirements.WHO["ci"]}
    assert commands["cc"] == commands["git"] == "xcode-select --install"
    assert commands["terraform"] == "brew install hashicorp/tap/terraform"
    assert not [command for command in commands.values() if "apt-get" in command or "dnf" in command]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_program_has_a_command_that_bash_can_read(machine, system):
    bash = subprocess.run(["which", "bash"], capture_output=True, text=True, check=True).stdout.strip()
    machine(system)
    for tool in requirements.WHO["ci"]:
        command = requirements.install(tool)
        assert "{" not in command and ("install" in command or "rustup" in command), command
        subprocess.run([bash, "-n", "-c", f"{command}  # {tool}"], check=True)


def test_root_needs_no_sudo(machine, monkeypatch):
    machine()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert requirements.install("git") == "apt-get install git"


def test_rustup_updates_what_it_installed(machine):
    machine(rustup="rustup 1.28.2", cargo="cargo 1.90.0")
    assert requirements.install("rust").startswith("rustup update stable")


def test_a_rustup_without_a_toolchain_is_no_rust(machine, tmp_path):
    machine(**SAYS)
    (tmp_path / "cargo").write_text("#!/bin/sh\necho 'error: no default toolchain, in rustup 1.28.2' >&2\nexit 1\n")
    assert "no default toolchain" in said("up")[0]


def test_an_old_python_is_told_about_a_newer_one_beside_it(machine, monkeypatch):
    machine(**SAYS, **{"python3.12": "Python 3.12.1"})
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    assert said("up") == [f"this machine lacks Python {LEAST['python']} or newer (3.8.18 is here)",
                          "hint: export PYTHON=python3.12  # Python"]


def test_a_python_without_venv_is_told(machine, monkeypatch):
    machine(**SAYS)
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # as Debian ships it without python3-venv
    assert said("up") == [f"this machine lacks Python {LEAST['python']} or newer (its module venv is missing)",
                          "hint: sudo apt-get install python3 python3-venv  # Python"]


def test_make_up_says_it_before_it_does_anything(tmp_path):
    """The real entry, with a PATH that has nothing."""
    environment = {"PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "tools"), "DARKROOM_HOME": str(tmp_path / "home")}
    asked = subprocess.run([sys.executable, "-m", "darkroom.stack", "up"], env=environment, cwd=ROOT, text=True,
                           capture_output=True)
    assert asked.returncode == 1 and asked.stderr.startswith("error: this machine lacks Rust"), asked.stderr
    assert "Traceback" not in asked.stderr and not (tmp_path / "home").exists()


def test_the_entry_reads_as_an_old_python():
    """The files that run before the version is checked have no syntax that Python 3.6 does not know."""
    for name in ("console.py", "requirements.py", "stack/__main__.py"):
        ast.parse((ROOT / "tools/darkroom" / name).read_text(), feature_version=(3, 6))


def test_the_readme_names_the_same_versions():
    [line] = re.findall(r"^You need (.*)\n", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert dict(re.findall(r"(\w+) ([\d.]+)\+", line)) == {
        requirements.NAMES[tool]: least for tool, least in LEAST.items()}
    for tool in requirements.WHO["test"]:
        assert requirements.NAMES.get(tool, tool) in line or tool == "npm", "npm comes with Node"


def test_every_part_of_terraform_wants_the_same_version():
    wanted = {found for path in (ROOT / "terraform").glob("**/versions.tf") if ".terraform" not in path.parts
              for found in re.findall(r"required_version *= *(.*)", path.read_text())}
    assert wanted == {f'">= {LEAST["terraform"]}"'}
