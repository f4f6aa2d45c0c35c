"""Compares the code's calls of Cognito with those that the firewall before the user pool lets through."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGNED = re.compile(r"^(Admin|Describe)")  # with the function's role: the firewall is not asked


def test_the_firewall_lets_through_the_public_calls_that_the_code_makes():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/aws").glob("identity/*.rs"))
    made = {name.title().replace("_", "") for name in re.findall(r"self\s*\.cognito\s*\.(\w+)\(\)", code)}
    firewall = (ROOT / "terraform/modules/identity/firewall.tf").read_text(encoding="utf-8")
    allowed = re.findall(r'"(\w+)"', re.search(r"operations = \[(.*?)\]", firewall, re.DOTALL)[1])
    assert sorted(name for name in made if not SIGNED.match(name)) == allowed
    assert any(SIGNED.match(name) for name in made), "the calls were found"
