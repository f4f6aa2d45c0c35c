"""The diagrams of docs/ARCHITECTURE.md show what is there."""

import json
import os
import re

from citations import ROOT

from darkroom.pages import states

PAGE = ROOT / "docs/ARCHITECTURE.md"
MACHINE = json.loads(states.MACHINE.read_text("utf-8"))


def test_the_states_are_those_of_the_machine():
    wanted = states.render()
    if os.environ.get("DARKROOM_WRITE"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text("utf-8").splitlines() == wanted.splitlines(), "make docs, and look at the difference"


def test_each_state_and_each_way_out_of_it_is_drawn():
    lines = states.diagram(MACHINE).splitlines()
    ways = [way for state in MACHINE["States"].values() for way in [state, *state.get("Catch", [])]]
    assert sum(" as " in line for line in lines) == len(MACHINE["States"]) > 5
    assert sum("-->" in line for line in lines) == 1 + len(ways)
    assert '    state "Read the reason" as read_the_reason' in lines
    assert "    validate_image --> read_the_reason : Image.*" in lines
    assert "    processing_failed --> [*] : execution failed" in lines


def test_the_functions_in_the_network_are_those_that_terraform_puts_there():
    settings = json.loads((ROOT / "settings/functions.json").read_text("utf-8"))["functions"]
    (drawn,) = re.findall(r"^ *inside\[(.+)\]$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert set(drawn.split(", ")) == {name for name, function in settings.items() if function["vpc"]}
