"""The diagram of the states in docs/ARCHITECTURE.md, drawn from the state machine itself.

    make docs       writes it; tests/contract fails while it differs
"""

import json
import re

from darkroom.paths import REPOSITORY

FILE = REPOSITORY / "docs/ARCHITECTURE.md"
MACHINE = REPOSITORY / "statemachine/process-image.asl.json"
BLOCK = re.compile(r"(?<=<!-- States: written by `make docs` from statemachine/process-image.asl.json. -->\n).*?"
                   r"(?=<!-- End of states. -->)", re.DOTALL)


def render(machine=None):
    """The whole page, with the diagram as it must be."""
    machine = machine or json.loads(MACHINE.read_text(encoding="utf-8"))
    page, times = BLOCK.subn(lambda _: f"```mermaid\n{diagram(machine)}\n```\n", FILE.read_text(encoding="utf-8"))
    assert times == 1, "docs/ARCHITECTURE.md has lost the marks around its states"
    return page


def diagram(machine):
    """In the notation that forges draw: https://mermaid.js.org/syntax/stateDiagram.html"""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{name}" as {_id(name)}' for name in machine["States"]]
    lines.append(f"    [*] --> {_id(machine['StartAt'])}")
    for name, state in machine["States"].items():
        lines += [f"    {_id(name)} --> {arrow}" for arrow in _arrows(state)]
    return "\n".join(lines)


def _arrows(state):
    """A state without a next one ends the execution: well, or as a failure."""
    if "Next" in state:
        yield _id(state["Next"])
    elif state["Type"] == "Fail":
        yield "[*] : execution failed"
    else:
        yield "[*]"
    for catcher in state.get("Catch", []):
        yield f"{_id(catcher['Next'])} : {_errors(catcher['ErrorEquals'])}"


def _errors(names):
    if names == ["States.ALL"]:
        return "any other error"
    families = dict.fromkeys(name.split(".")[0] for name in names)
    return ", ".join(f"{family}.*" for family in families) if len(names) > 1 else names[0]


def _id(name):
    return name.lower().replace(" ", "_")


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
