"""A README.md for each Terraform module, from the module's own files: what it is for, what it takes, gives and makes.

    make docs       writes them; tests/contract fails while one differs
"""

import re
from pathlib import Path

from darkroom import hcl
from darkroom.paths import REPOSITORY

MODULES = REPOSITORY / "terraform/modules"
HEAD = "<!-- Written by `make docs` from the .tf files beside it. Change those, not this file. -->"

LONGEST_DEFAULT = 100  # a longer one would make the whole table hard to read


def files():
    return sorted(path / "README.md" for path in MODULES.iterdir() if (path / "main.tf").is_file())


def render(readme: Path) -> str:
    folder = readme.parent
    blocks = [block for path in sorted(folder.glob("*.tf")) for block in hcl.parse(_text(path)).blocks]
    found = {kind: [block for block in blocks if block.kind == kind] for kind in ("variable", "output", "module")}
    made = sorted(".".join(block.labels) for block in blocks if block.kind == "resource")
    called = [f"[`module.{block.labels[0]}`]({_literal(block.arguments['source'])})" for block in found["module"]]
    parts = [
        f"# {folder.name}",
        HEAD,
        purpose(folder),
        needs(folder),
        "## Inputs",
        table(("name", "type", "default", "what"), [input_row(block) for block in found["variable"]]),
    ]
    if found["output"]:
        parts += ["## Outputs", table(("name", "what"), [
            (f"`{block.labels[0]}`", said(block) + " Sensitive." * ("sensitive" in block.arguments))
            for block in found["output"]
        ])]
    parts += ["## Resources", "\n".join(f"- {name}" for name in [*called, *(f"`{name}`" for name in made)])]
    return "\n\n".join(parts) + "\n"


def purpose(folder: Path) -> str:
    """The comment that begins main.tf."""
    lines = []
    for line in _text(folder / "main.tf").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").removeprefix(" "))
    assert lines, f"{folder.name}/main.tf does not begin with a comment that says what the module is for"
    return "\n".join(lines)


def needs(folder: Path) -> str:
    (terraform,) = hcl.parse(_text(folder / "versions.tf")).blocks
    (providers,) = (block for block in terraform.blocks if block.kind == "required_providers")
    words = [f"Terraform {_literal(terraform.arguments['required_version'])}"]
    for value in providers.arguments.values():
        source, version = (re.search(rf'{key}="([^"]+)"', value)[1] for key in ("source", "version"))
        words.append(f"the provider `{source}` {version}")
    return f"Needs {' and '.join(words)}."


def input_row(block: hcl.Block):
    default = f"`{pretty(block.arguments['default'])}`" if "default" in block.arguments else "required"
    if len(default) > LONGEST_DEFAULT:
        default = "[variables.tf](variables.tf)"
    return f"`{block.labels[0]}`", f"`{pretty(block.arguments['type'])}`", default, said(block)


def said(block: hcl.Block) -> str:
    return _literal(block.arguments["description"])


def pretty(expression: str) -> str:
    """An expression on one line, with the spaces that reading needs."""
    words = []
    for kind, word in hcl.tokens_of(expression):
        if kind == "line":
            word = "" if not words or words[-1] in ("{ ", "(", "[", ", ") else ", "
        elif kind == "close":
            while words and words[-1] in (", ", ""):
                words.pop()
            word = " }" if word == "}" and words[-1] != "{ " else word
        words.append({"{": "{ ", "=": " = ", ",": ", "}.get(word, word))
    return "".join(words).replace("{ }", "{}")


def table(head, rows) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _literal(expression: str) -> str:
    return expression.strip('"').replace('\\"', '"').replace("<", "&lt;")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    for file in files():
        file.write_text(render(file), encoding="utf-8")
