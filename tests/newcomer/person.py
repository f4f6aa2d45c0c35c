"""A person who has just unpacked the repository: a folder, an empty HOME, next to nothing in the environment."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from darkroom.stack import checks

REPOSITORY = Path(__file__).resolve().parents[2]
# The README waits for three seconds, which is enough for anyone but two compilers and a second stack.
UNTIL_DECIDED = """
for _ in {1..60}; do
  IMAGE=$(curl -sS "$API/image/$ID" -H "Authorization: Bearer $TOKEN")
  case $IMAGE in *'"processing"'* | *'"awaiting_upload"'*) sleep 1 ;; *) break ;; esac
done
printf '\\n%s\\n' "$IMAGE"
"""
README_COMMANDS = re.compile(r"<!-- tested: first-photo -->\s*```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
# The machine's own variables: how it reaches the network and finds its compiler.
MACHINE = ("PATH", "LANG", "TMPDIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
           "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "CARGO_HTTP_CAINFO")
LIMIT_S = 1800


class Person:
    def __init__(self, checkout: Path, home: Path, *, stack: Path | None = None, shared_target: bool = False):
        self.checkout = checkout
        self.home = home
        self.stack = stack or checkout / ".local"
        self.port = checks.free_port()
        self.said = ""  # the end of the last command's output
        home.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in MACHINE if name in os.environ}
        # rustup's cargo looks for its compilers in HOME, which is empty here.
        rustup = Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup")
        if rustup.is_dir():
            kept["RUSTUP_HOME"] = str(rustup)
        if shared_target:
            # Cargo builds anew for another compiler, flag or folder, so all that chooses them stays as it is.
            shared = {"CARGO_HOME": str(Path.home() / ".cargo")} | dict(os.environ)
            builds = ("CARGO", "RUST", "CC", "CFLAGS")
            kept |= {name: value for name, value in shared.items() if name.startswith(builds)}
        self.environment = kept | {"HOME": str(home), "DARKROOM_PORT": str(self.port)}
        if stack:
            self.environment["DARKROOM_HOME"] = str(stack)

    def begin(self, *words: str, **variables: str) -> subprocess.Popen:
        """In a process group of its own, which can be killed as one."""
        return subprocess.Popen(words, cwd=self.checkout, env=self.environment | variables, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                start_new_session=True)

    def try_to(self, *words: str, **variables: str) -> tuple[int, str]:
        process = self.begin(*words, **variables)
        said, _ = process.communicate(timeout=LIMIT_S)
        return process.returncode, said

    def run(self, *words: str, **variables: str) -> str:
        code, said = self.try_to(*words, **variables)
        self.said = said[-6000:]
        assert code == 0, f"{' '.join(words)} ended with {code}:\n{self.said}"
        return said

    def up(self, *, before: tuple[str, ...] = (), **variables: str) -> float:
        """Brings the stack up and returns how many seconds that took."""
        began = time.monotonic()
        self.run(*before, "make", "up", **variables)
        return time.monotonic() - began

    def develop_a_photo(self, *, before: tuple[str, ...] = ()) -> None:
        """The README's three commands. They write a ticket, so they run beside the checkout, in a folder of links."""
        [commands] = README_COMMANDS.findall((self.checkout / "README.md").read_text())
        folder = self.home / "first-photo"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for entry in self.checkout.iterdir():
            if not entry.name.startswith("."):
                (folder / entry.name).symlink_to(entry)
        environment = self.environment | {"DARKROOM_HOME": str(self.stack)}
        script = commands + UNTIL_DECIDED
        done = subprocess.run([*before, "bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert '"status":"ready"' in done.stdout.replace(" ", ""), done.stdout

    def clean(self) -> None:
        self.run("make", "clean")


def of_a_clone(folder: Path) -> Person:
    """The working tree as it is now, without ignored files, in an empty folder."""
    checkout = folder / "darkroom"
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY,
                            check=True, capture_output=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        source, target = REPOSITORY / name, checkout / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=n", "-c", "user.email=n@x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=checkout, check=True)
    return Person(checkout, folder / "home")


def of_this_checkout(folder: Path) -> Person:
    """Uses the programs that are built already: the test is of the stack, not of the compiler."""
    return Person(REPOSITORY, folder / "home", stack=folder / "stack", shared_target=True)


def kill_at_a_random_moment(person: Person, within_s: float, chance: random.Random, *, engine_too: bool) -> float:
    """Begins `make up` and kills its whole process group, as a closed terminal or a power cut does."""
    moment = chance.uniform(0.2, within_s)
    process = person.begin("make", "up")
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(moment)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    if engine_too:
        kill_processes_of(person.stack)
    return moment


def kill_processes_of(stack: Path) -> None:
    """The engine, the compilers and the functions of this stack: each has its folder in its command or environment."""
    own = os.getpid()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == own:
            continue
        with contextlib.suppress(OSError):
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if str(stack).encode() in told:
                os.kill(int(entry.name), signal.SIGKILL)


@contextlib.contextmanager
def busy_cores():
    """Two programs that never rest, as two compilers would be."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
