"""What the file promises by its shape, whatever runs it."""

import base64
import json
import os
import re
import shutil
import subprocess

import pytest

import machine_harness as harness

MACHINE = harness.definition()
STATES = MACHINE["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
FUNCTIONS = json.loads((harness.REPOSITORY / "settings" / "functions.json").read_text())["functions"]

SHORT = [
    *harness.names_in_the_catalogue("Transient"),
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
]
LONG = ["Lambda.TooManyRequestsException", "Lambda.Unknown"]


def retriers(state, name):
    """Those that would take this error, as an interpreter looks for them."""
    return [r for r in STATES[state]["Retry"] if name in r["ErrorEquals"] or "States.ALL" in r["ErrorEquals"]]


def longest_wait(retrier):
    waits = [
        min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** n, retrier["MaxDelaySeconds"])
        for n in range(retrier["MaxAttempts"])
    ]
    return sum(waits)


# ---------------------------------------------------------------------------------------------------- the template


def test_the_template_asks_for_what_terraform_gives_and_nothing_else():
    text = harness.DEFINITION.read_text()
    assert set(re.findall(r"\$\{(.*?)\}", text)) == set(harness.VARIABLES)
    assert "%{" not in text, "templatefile would take it for a directive"


def test_no_variable_is_left_in_the_rendered_machine():
    assert "${" not in harness.render()


def test_terraform_renders_the_same_text(tmp_path):
    assert shutil.which("terraform"), "terraform is not on the PATH"
    template = f'templatefile("{harness.DEFINITION}", {json.dumps(harness.VARIABLES)})'
    ran = subprocess.run(
        ["terraform", "console"],
        input=f"base64encode({template})\n",
        cwd=tmp_path,
        env=os.environ | {"CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert base64.b64decode(json.loads(ran.stdout)).decode() == harness.render()


# ------------------------------------------------------------------------------------------------------- the story


def test_r19b_the_happy_path_is_four_tasks_and_nothing_else():
    path, state = [], MACHINE["StartAt"]
    while state:
        path.append(state)
        state = STATES[state].get("Next")
    assert path == [*harness.WORKERS.values(), "Publish record"]
    assert {STATES[name]["Type"] for name in path} == {"Task"}
    assert STATES[path[-1]]["End"] is True


def test_the_machine_and_every_state_explain_themselves():
    for name, state in {"the machine": MACHINE, **STATES}.items():
        assert len(state.get("Comment", "").split()) >= 15, name
    for name in TASKS:
        assert "If it fails" in STATES[name]["Comment"] or "If this fails" in STATES[name]["Comment"], name


def test_no_state_waits_or_chooses():
    assert {state["Type"] for state in STATES.values()} == {"Task", "Pass", "Succeed", "Fail"}


def test_each_worker_gets_the_whole_order_through_its_own_function():
    for worker, state in harness.WORKERS.items():
        parameters = {"FunctionName": harness.VARIABLES[f"{worker}_arn"], "Payload.$": "$"}
        assert STATES[state]["Parameters"] == parameters
        assert STATES[state]["OutputPath"] == "$.Payload"


# ---------------------------------------------------------------------------------------------------- nothing hangs


def test_r12_every_task_and_the_machine_have_a_timeout():
    assert MACHINE["TimeoutSeconds"] > 0
    for name, state in TASKS.items():
        assert isinstance(state.get("TimeoutSeconds"), int), name


@pytest.mark.parametrize("worker", harness.WORKERS)
def test_r12_a_task_outlives_its_function(worker):
    """The function's own timeout names the error better. Lambda starts that clock after the runtime's start, which may
    take 10 s more."""
    patience = STATES[harness.WORKERS[worker]]["TimeoutSeconds"] - FUNCTIONS[worker]["timeout_s"]
    assert 10 < patience <= 20


def test_r12_the_machine_outlives_every_retry_of_every_state():
    """If the machine's own timeout struck first, the end would go unrecorded."""
    worst = 0
    for state in TASKS.values():
        retried = [r for r in state["Retry"] if r["MaxAttempts"]]
        attempts = 1 + sum(r["MaxAttempts"] for r in retried)
        worst += attempts * state["TimeoutSeconds"] + sum(map(longest_wait, retried))
    assert worst < MACHINE["TimeoutSeconds"]


# ---------------------------------------------------------------------------------------------------------- retries


@pytest.mark.parametrize("name", SHORT + LONG)
@pytest.mark.parametrize("state", harness.WORKERS.values())
def test_r13_a_worker_is_called_again_after(name, state):
    (retrier,) = retriers(state, name)
    assert retrier["MaxAttempts"] >= 3
    assert retrier["BackoffRate"] > 1
    assert retrier["JitterStrategy"] == "FULL"
    assert retrier["MaxDelaySeconds"] <= 60


@pytest.mark.parametrize("state", harness.WORKERS.values())
def test_r13_nothing_else_is_retried_and_throttles_are_waited_out_longer(state):
    short, long = STATES[state]["Retry"]
    assert (sorted(short["ErrorEquals"]), sorted(long["ErrorEquals"])) == (sorted(SHORT), sorted(LONG))
    assert longest_wait(long) > 120 > 10 > longest_wait(short)


@pytest.mark.parametrize("name", harness.names_in_the_catalogue("Image") + harness.names_in_the_catalogue("Worker"))
def test_r13_never_retried(name):
    assert [state for state in harness.WORKERS.values() if retriers(state, name)] == []


@pytest.mark.parametrize("state", harness.RECORDS)
def test_a_record_is_written_again_after_everything_but_its_condition(state):
    """AWS documents no closed list of what DynamoDB may throw here, and the write may be repeated without harm."""
    condition, anything = STATES[state]["Retry"]
    assert condition == {"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "MaxAttempts": 0}
    assert anything["ErrorEquals"] == ["States.ALL"]
    assert (anything["JitterStrategy"], anything["MaxDelaySeconds"]) == ("FULL", 20)
    assert anything["MaxAttempts"] >= 5


# ------------------------------------------------------------------------------------------------------------- ends


@pytest.mark.parametrize("state", harness.WORKERS.values())
def test_r18_each_worker_catches_every_rejection_of_the_catalogue_by_name(state):
    rejection, anything = STATES[state]["Catch"]
    assert rejection["ErrorEquals"] == harness.names_in_the_catalogue("Image")
    assert rejection["Next"] == "Read the reason"
    assert (anything["ErrorEquals"], anything["Next"]) == (["States.ALL"], "Record failure")
    assert {catcher["ResultPath"] for catcher in STATES[state]["Catch"]} == {"$.error"}


@pytest.mark.parametrize("state", harness.RECORDS)
def test_r02_a_record_is_written_only_for_the_version_it_is_about(state):
    parameters = STATES[state]["Parameters"]
    assert parameters["ConditionExpression"] == "attribute_exists(pk) AND version_id = :version_id"
    assert parameters["ExpressionAttributeValues"][":version_id"] == {"S.$": "$.source.version_id"}
    assert "REMOVE expires_at" in parameters["UpdateExpression"]
    condition, anything = STATES[state]["Catch"]
    assert condition["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert condition["Next"] == "Newer upload or deleted"
    assert anything["ErrorEquals"] == ["States.ALL"]


def test_r14_only_the_operators_end_is_red():
    ends = {name: state["Type"] for name, state in STATES.items() if "Next" not in state and "End" not in state}
    assert ends == {"Image rejected": "Succeed", "Newer upload or deleted": "Succeed", "Processing failed": "Fail"}
