"""The citations in this repository's texts: paths, links, decisions (ADR 16) and requirements (R08, `r08_…`)."""

import re
import subprocess
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]

# The folders of the top level, today's and former ones: a path in a former folder must be recognised, to be found dead.
FOLDERS = ("api", "benches", "cli", "crates", "deploy", "docs", "fixtures", "lambdas", "local", "settings", "src",
           "statemachine", "terraform", "tests", "tools", "web")
# docs/SECURITY.md and its like name a Terraform module `modules/api`, and a root `environments/prod`.
BELOW_TERRAFORM = ("environments", "modules")
PATH = re.compile(
    r"(?<![\w./~$@#:*%}>-])"  # not the rest of a longer path, of a URL, or of a path that begins with a variable
    rf"(?:{'|'.join((*FOLDERS, *BELOW_TERRAFORM))})/[\w.*/{{}}<>$…-]*"
)
PLACEHOLDER = re.compile(r"[{}<>$…]")
# A file's name in backticks, with or without folders before it.
NAMED = re.compile(r"`(?:\.\./)*([\w./-]*\w\.(?:rs|py|md|hcl|sh))`")
# A file and a name that it defines: a function above all, or a type, or a test of Terraform.
MEMBER = re.compile(r"`([\w./-]+\.(?:rs|py|hcl))::(\w+)`")
DEFINES = r"""^\s*(?:pub(?:\([^)]*\))? )?(?:(?:const|async|unsafe) )*(?:fn|def|class|struct|enum|trait|run) "?{}\b"""
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
DECISION = re.compile(r"\bADRs? (\d+)\b")
REQUIREMENT = re.compile(r"\bR(\d\d[a-z]?)\b|(?<![A-Za-z0-9])r(\d\d[a-z]?)(?=_[a-z])")

# Written by tools or by others; nothing in them is about this repository.
UNREAD = ("*.lock", "*.lock.hcl", "*package-lock.json", "*.svg", "*LICENSE*")
# Tests of the finders make pointers up.
MADE_UP = ("tests/contract/test_citations.py", "tests/contract/test_requirements.py")
# A file that is shown as a part of another one: its links lead from there.
SHOWN_IN = {"benches/losses.md": "docs/BENCHMARKS.md"}


@dataclass(frozen=True)
class Dead:
    """A pointer that leads nowhere."""

    file: str
    line: int
    what: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}"


class Tree:
    """The names of a repository's files, the texts among them, and what git ignores there."""

    def __init__(self, files, is_ignored=lambda path: False):
        self.texts = {name: text for name, text in files.items() if text is not None}
        self.names = {str(folder) for name in files for folder in (name, *PurePosixPath(name).parents)}
        self.is_ignored = is_ignored

    def has(self, path):
        return any(fnmatch(name, path) for name in self.names) if "*" in path else path in self.names

    def lines(self):
        for name, text in self.texts.items():
            if name not in MADE_UP and not any(fnmatch(name, pattern) for pattern in UNREAD):
                for number, line in enumerate(text.splitlines(), 1):
                    yield name, number, line


def repository():
    """The files that git keeps here, and those that it would add."""
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return Tree({name: _text(ROOT / name) for name in listed if (ROOT / name).is_file()}, _ignored)


def _git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout


def _ignored(path):
    """A file that a tool makes when it runs, so that a fresh clone does not have it."""
    return bool(_git("check-ignore", "--no-index", path, path + "/"))


def _text(file):
    content = file.read_bytes()
    try:
        return None if b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def dead_paths(tree):
    """A path counts from the root, from Terraform's folder, or from a folder that the citing file is in."""
    for file, number, line in tree.lines():
        for match in PATH.finditer(line):
            path = match[0].rstrip("./")
            if PLACEHOLDER.search(path):
                continue
            starts = [PurePosixPath("terraform"), *PurePosixPath(file).parents]
            meant = [str(start / path) for start in starts]
            if not any(tree.has(name) or tree.is_ignored(name) for name in meant):
                yield Dead(file, number, path)
        for match in NAMED.finditer(line):
            if not any(f"/{name}".endswith(f"/{match[1]}") for name in tree.names):
                yield Dead(file, number, match[1])


def dead_members(tree):
    """`src/domain/key.rs::build`: the path counts from the root, and the file must define the name."""
    for file, number, line in tree.lines():
        for path, name in MEMBER.findall(line):
            if not re.search(DEFINES.format(name), tree.texts.get(path, ""), re.MULTILINE):
                yield Dead(file, number, f"{path}::{name}")


def dead_links(tree):
    """Links between documents, and to a heading of one."""
    for file, number, line in tree.lines():
        if not file.endswith(".md"):
            continue
        for match in LINK.finditer(line):
            path, _, anchor = unquote(match[2]).partition("#")
            if ":" in path:
                continue  # to another site
            target = _joined(SHOWN_IN.get(file, file), path)
            names_heading = anchor and target.endswith(".md")
            if not tree.has(target) or (names_heading and anchor not in anchors(tree.texts[target])):
                yield Dead(file, number, match[2])


def _joined(file, path):
    parts = []
    for part in (PurePosixPath(file).parent / path if path else PurePosixPath(file)).parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return "outside of the repository"
    return "/".join(parts) or "."


def anchors(page):
    """The names under which a page's headings can be linked to, as the forges make them, and those written by hand."""
    prose = re.sub(r"^ *```.*?^ *```", "", page, flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+?)\s*$", prose, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", LINK.sub(r"\1", title).lower()).replace(" ", "-") for title in titles}
    return made | set(re.findall(r'(?:id|name)="([^"]+)"', prose))


def dead_decisions(tree):
    """`ADR 16` without a file, and a link that says one number and leads to another."""
    for file, number, line in tree.lines():
        for match in DECISION.finditer(line):
            if not tree.has(f"docs/adr/{int(match[1]):04}-*.md"):
                yield Dead(file, number, match[0])
        for match in LINK.finditer(line):
            said, meant = DECISION.fullmatch(match[1]), re.search(r"(\d{4})-[\w-]+\.md$", match[2])
            if said and meant and int(said[1]) != int(meant[1]):
                yield Dead(file, number, f"{said[0]} leads to {meant[0]}")


def dead_requirements(tree, defined):
    for file, number, line in tree.lines():
        for match in REQUIREMENT.finditer(line):
            name = f"R{match[1] or match[2]}"
            if name not in defined:
                yield Dead(file, number, name)
