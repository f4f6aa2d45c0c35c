"""The programs that Darkroom needs on a machine, in which version, and the command that installs each.

Each version stands in the file that needs it, and nowhere else. This file reads as Python 3.6, so that an old one gets
a sentence instead of a syntax error.
"""
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from darkroom import console
from darkroom.console import Failure

REPOSITORY = Path(__file__).resolve().parents[2]
OS_RELEASE = Path("/etc/os-release")
# The programs that each command needs. The tests run the stack, so they need the stack's programs too.
UP = ("python", "rust", "cc", "terraform", "git", "make", "node", "npm")
TEST = (*UP, "curl")
LINT = ("python", "rust", "rustfmt", "clippy", "node", "npm")
WHO = {"up": UP, "test": TEST, "lint": LINT, "ci": (*TEST, "rustfmt", "clippy"), "python": ("python",),
       "node": ("node", "npm")}

# The command that prints a program's version.
ASKED = {
    "rust": ("cargo", "--version"),
    "cc": ("cc", "--version"),
    "terraform": ("terraform", "version"),
    "git": ("git", "--version"),
    "make": ("make", "--version"),
    "node": ("node", "--version"),
    "npm": ("npm", "--version"),
    "curl": ("curl", "--version"),
    "rustfmt": ("cargo", "fmt", "--version"),
    "clippy": ("cargo", "clippy", "--version"),
}
NAMES = {"rust": "Rust", "cc": "a C compiler", "terraform": "Terraform", "node": "Node", "python": "Python"}
# The file with the least version of each program.
SOURCES = {
    "rust": ("Cargo.toml", r'^rust-version = "([\d.]+)"'),
    "python": ("tools/pyproject.toml", r'^requires-python = ">=([\d.]+)"'),
    "node": ("tests/package.json", r'"node": ">=([\d.]+)"'),
    "terraform": ("terraform/environments/local/versions.tf", r'required_version *= *">= ([\d.]+)"'),
}

RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . ~/.cargo/env"
HASHICORP_KEY = "/usr/share/keyrings/hashicorp-archive-keyring.gpg"
NODE = {
    "debian": "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install nodejs",
    "fedora": "sudo dnf install nodejs nodejs-npm",
    "macos": "brew install node",
}
INSTALL = {
    "rust": {"any": RUSTUP},
    "rustfmt": {"any": "rustup component add rustfmt"},
    "clippy": {"any": "rustup component add clippy"},
    "python": {"debian": "sudo apt-get install python3 python3-venv", "fedora": "sudo dnf install python3.12",
               "macos": "brew install python@3.12"},
    "cc": {"debian": "sudo apt-get install gcc libc6-dev", "fedora": "sudo dnf install gcc",
           "macos": "xcode-select --install"},
    "git": {"debian": "sudo apt-get install git", "fedora": "sudo dnf install git", "macos": "xcode-select --install"},
    "make": {"debian": "sudo apt-get install make", "fedora": "sudo dnf install make",
             "macos": "xcode-select --install"},
    "curl": {"debian": "sudo apt-get install curl", "fedora": "sudo dnf install curl", "macos": "brew install curl"},
    "node": NODE,
    "npm": NODE,
    "terraform": {
        "debian": "curl -fsSL https://apt.releases.hashicorp.com/gpg | "
                  "sudo gpg --dearmor --yes -o {key} && "
                  "echo \"deb [signed-by={key}] https://apt.releases.hashicorp.com {codename} main\" | "
                  "sudo tee /etc/apt/sources.list.d/hashicorp.list && sudo apt-get update && "
                  "sudo apt-get install terraform",
        "fedora": "sudo curl -fsSL https://rpm.releases.hashicorp.com/fedora/hashicorp.repo "
                  "-o /etc/yum.repos.d/hashicorp.repo && sudo dnf install terraform",
        "macos": "brew install hashicorp/tap/terraform",
    },
}
PAGES = {"terraform": "https://developer.hashicorp.com/terraform/install", "node": "https://nodejs.org",
         "npm": "https://nodejs.org", "python": "https://www.python.org"}


class Finding:
    """One program: its version on this machine, and whether that will do."""

    def __init__(self, tool, version, least, trouble):
        self.tool, self.trouble = tool, trouble
        self.name = NAMES.get(tool, tool)
        self.version = version
        self.wanted = f"{self.name} {least} or newer" if least else self.name

    def __str__(self):
        return f"{self.wanted} ({self.trouble})" if self.trouble else f"{self.name} {self.version}"


def least(tool):
    """The oldest version that will do, as text; empty where any will."""
    if tool not in SOURCES:
        return ""
    file, pattern = SOURCES[tool]
    return re.search(pattern, (REPOSITORY / file).read_text(encoding="utf-8"), re.MULTILINE).group(1)


def examine(tools):
    """A Finding for each, in the order given. They are asked side by side: rustup alone takes a while."""
    with ThreadPoolExecutor(len(tools)) as pool:
        return list(pool.map(_examine, tools))


def ensure(who):
    """Fails with a list of all missing programs."""
    missing = [finding for finding in examine(WHO[who]) if finding.trouble]
    if missing:
        hints = {}  # one command may bring several
        for each in missing:
            hints.setdefault(install(each.tool), []).append(each.name)
        lines = [f"{command}  # {', '.join(names)}" for command, names in hints.items()]
        raise Failure(f"this machine lacks {', '.join(map(str, missing))}", hint="\nhint: ".join(lines))


def install(tool):
    """The command for the system that this is."""
    if tool == "rust" and shutil.which("rustup"):
        return "rustup update stable && rustup default stable"
    if tool == "python":
        wanted = _numbers(least(tool))
        beside = [f"python3.{minor}" for minor in range(30, wanted[1] - 1, -1) if shutil.which(f"python3.{minor}")]
        if beside and sys.version_info < wanted:
            return f"export PYTHON={beside[0]}"
    system, codename = _system()
    commands = INSTALL[tool]
    command = commands.get("any") or commands.get(system)
    if command is None:
        return f"install it from {PAGES[tool]}" if tool in PAGES else f"install the package {tool}"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command = command.replace("sudo ", "")
    return command.replace("{key}", HASHICORP_KEY).replace("{codename}", codename)


def _examine(tool):
    wanted = least(tool)
    if tool == "python":
        version = ".".join(map(str, sys.version_info[:3]))
        return Finding(tool, version, wanted, _age(version, wanted) or _without_venv())
    command = ASKED[tool]
    if shutil.which(command[0]) is None:
        return Finding(tool, "", wanted, "missing")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    environment["CHECKPOINT_DISABLE"] = "1"  # Terraform would ask the network for news
    asked = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True,
                           cwd=str(REPOSITORY), env=environment)
    found = re.search(r"\d+\.\d+(\.\d+)*", asked.stdout)
    if asked.returncode != 0 or not found:
        said = (asked.stdout.strip().splitlines() or ["nothing"])[0]
        return Finding(tool, "", wanted, f"`{' '.join(command)}` says: {said}")
    return Finding(tool, found.group(0), wanted, _age(found.group(0), wanted))


def _age(version, wanted):
    return f"{version} is here" if wanted and _numbers(version) < _numbers(wanted) else ""


def _numbers(version):
    return tuple(int(number) for number in version.split("."))


def _without_venv():
    """Debian packs these two apart from Python."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "its module venv is missing"
    return ""


def _system():
    """(debian | fedora | macos | other, the release's name on Debian)."""
    if sys.platform == "darwin":
        return "macos", ""
    try:
        lines = OS_RELEASE.read_text(encoding="utf-8").splitlines()
    except OSError:
        return "other", ""
    facts = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
    family = [facts.get("ID", ""), *facts.get("ID_LIKE", "").split()]
    for system, members in (("debian", ("debian", "ubuntu")), ("fedora", ("fedora", "rhel", "centos"))):
        if any(member in family for member in members):
            return system, facts.get("VERSION_CODENAME", "stable")
    return "other", ""


if __name__ == "__main__":
    console.run(ensure, sys.argv[1])
