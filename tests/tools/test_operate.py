"""`make apply` and `make destroy`: no mistyped command changes production."""

import io
import json
import sys
from pathlib import Path

import pytest

from darkroom.console import Failure
from darkroom.deploy import lambdas, operate
from darkroom.deploy.root import ENVIRONMENTS, Root
from darkroom.paths import Stack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def terraform(tmp_path, monkeypatch):
    """A `terraform` that records its calls, and whose plans always have changes."""
    calls, outputs = tmp_path / "calls", tmp_path / "outputs"
    stack = {"functions": {"upload": "darkroom-upload"}, "region": "eu-central-1"}
    outputs.write_text(json.dumps({"stack": {"value": stack}}))
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >>"{calls}"\n'
                       f'case "$2" in plan) exit ${{PLAN_SAYS:-2}};; output) cat "{outputs}";; esac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setattr(Root, "account", lambda _: "111122223333")
    monkeypatch.setattr(lambdas, "publish_settings",
                        lambda environment: calls.open("a").write(f"- live {environment.functions}\n"))
    return lambda: [line.split()[1:] for line in calls.read_text().splitlines()] if calls.exists() else []


def act(monkeypatch, tmp_path, name, answer, *, destroy=False):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    operate.apply(Root(name, Stack(tmp_path / "home", 4566, tmp_path / "venv")), destroy=destroy)


@pytest.mark.parametrize("answer", ["", "\n", "yes\n", "y\n", "PROD\n", "dev\n", "prod please\n"])
@pytest.mark.parametrize("destroy", [False, True])
def test_prod_must_be_typed(terraform, monkeypatch, tmp_path, answer, destroy):
    with pytest.raises(Failure, match="nothing was changed in prod"):
        act(monkeypatch, tmp_path, "prod", answer, destroy=destroy)
    assert [call[0] for call in terraform()] == ["init", "plan"]


@pytest.mark.parametrize(
    ("name", "answer", "destroy"),
    [("prod", "prod\n", False), ("dev", "yes\n", False), ("prod", "prod\n", True), ("dev", "dev\n", True)],
)
def test_what_was_typed_is_done_with_the_plan_that_was_shown(terraform, monkeypatch, tmp_path, name, answer, destroy):
    act(monkeypatch, tmp_path, name, answer, destroy=destroy)
    calls = terraform()
    init, plan, apply = (call for call in calls if call[0] in ("init", "plan", "apply"))
    shown = f"{tmp_path}/home/plans/{name}.tfplan"
    assert init[:2] == ["init", "-input=false"]
    assert f"-out={shown}" in plan
    assert ("-destroy" in plan) == destroy
    assert apply == ["apply", "-input=false", shown]
    live = ["live", "{'upload':", "'darkroom-upload'}"]
    assert calls[-1] == (apply if destroy else live), "settings go live after an apply, and only then"


def test_a_yes_does_not_destroy(terraform, monkeypatch, tmp_path):
    with pytest.raises(Failure):
        act(monkeypatch, tmp_path, "dev", "yes\n", destroy=True)
    assert "apply" not in [call[0] for call in terraform()]


@pytest.mark.parametrize(("code", "raises"), [("0", False), ("1", True)])
def test_without_a_plan_nothing_is_asked(terraform, monkeypatch, tmp_path, code, raises):
    monkeypatch.setenv("PLAN_SAYS", code)
    if raises:
        with pytest.raises(Failure, match="there is no plan"):
            act(monkeypatch, tmp_path, "prod", "prod\n")
    else:
        act(monkeypatch, tmp_path, "prod", "prod\n")
    assert "apply" not in [call[0] for call in terraform()]


def test_the_state_is_where_the_bootstrap_puts_it(terraform, monkeypatch, tmp_path):
    act(monkeypatch, tmp_path, "dev", "yes\n")
    assert "-backend-config=bucket=darkroom-terraform-state-111122223333-eu-central-1" in terraform()[0]
    bootstrap = (ROOT / "terraform/bootstrap/main.tf").read_text()
    assert 'state_bucket = "darkroom-terraform-state-${local.account_id}-${var.region}"' in bootstrap


def test_a_region_of_ones_own_counts(monkeypatch, tmp_path):
    for name in ("main.tf", "variables.tf"):
        (tmp_path / "mine" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "mine" / name).write_text((ENVIRONMENTS / "dev" / name).read_text())
    monkeypatch.setattr("darkroom.deploy.root.ENVIRONMENTS", tmp_path)
    root = Root("mine", Stack(tmp_path, 4566, tmp_path))
    assert (root.region, root.variable("account_id")) == ("eu-central-1", "")
    monkeypatch.setenv("TF_VAR_region", "eu-west-1")
    assert root.region == "eu-west-1"
    (tmp_path / "mine/terraform.tfvars").write_text('region     = "us-east-2"\naccount_id = "111122223333"\n')
    assert (root.region, root.variable("account_id")) == ("us-east-2", "111122223333")


def test_each_environment_keeps_a_state_of_its_own_and_locks_it():
    keys = []
    for name in ("dev", "staging", "prod"):
        text = (ENVIRONMENTS / name / "versions.tf").read_text()
        assert "use_lockfile = true" in text
        keys.append(next(line.split('"')[1] for line in text.splitlines() if line.strip().startswith("key ")))
    assert len(set(keys)) == 3, json.dumps(keys)
