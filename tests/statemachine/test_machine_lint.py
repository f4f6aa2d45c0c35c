"""Two linters read the machine as it is deployed. Neither finds everything, so both must pass; and each is shown a
fault first, so that a linter that has gone blind is noticed."""

import json
import subprocess
import sys

import pytest

import machine_harness as harness

ASL_VALIDATOR = harness.REPOSITORY / "tests" / "node_modules" / ".bin" / "asl-validator"


def statelint(path):
    return subprocess.run([sys.executable, "-m", "statelint", path], capture_output=True, text=True)


def asl_validator(path):
    assert ASL_VALIDATOR.exists(), "asl-validator is missing: npm ci --prefix tests"
    return subprocess.run([ASL_VALIDATOR, "--json-path", path], capture_output=True, text=True)


LINTERS = pytest.mark.parametrize("linter", [statelint, asl_validator])


@LINTERS
def test_the_rendered_machine_is_clean(linter, tmp_path):
    machine = tmp_path / "machine.json"
    machine.write_text(harness.render())
    ran = linter(machine)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def rendered_with(fault):
    machine = harness.definition()
    publish = machine["States"]["Publish record"]
    match fault:
        case "an unknown state":
            machine["States"]["Apply watermark"]["Next"] = "Publish rekord"
        case "a function that does not exist":
            publish["Parameters"]["Key"]["pk"]["S.$"] = "States.Fromat('USER#{}', $.owner_id)"
        case "a jitter that does not exist":
            publish["Retry"][1]["JitterStrategy"] = "SOME"
        case "a path that breaks off":
            publish["OutputPath"] = "$.record["
        case "a task without a resource":
            del publish["Resource"]
    return json.dumps(machine)


@pytest.mark.parametrize(
    ("linter", "fault"),
    [
        (statelint, "an unknown state"),
        (statelint, "a function that does not exist"),
        (statelint, "a jitter that does not exist"),
        (asl_validator, "an unknown state"),
        (asl_validator, "a path that breaks off"),
        (asl_validator, "a task without a resource"),
    ],
)
def test_the_linter_sees(linter, fault, tmp_path):
    machine = tmp_path / "machine.json"
    machine.write_text(rendered_with(fault))
    assert linter(machine).returncode != 0
