"""The properties of the file itself, whatever interpreter runs it."""

import base64
import json
import math
import os
import re
import shutil
import subprocess

import botocore.session
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
THROTTLED = ["Lambda.TooManyRequestsException"]
# A function in a network that was idle for weeks gives its interface back, and is refused until it has one again.
NETWORK = [
    "ENILimitReachedException",
    "ENINotReadyException",
    "EC2ThrottledException",
    "EC2UnexpectedException",
    "ResourceNotReadyException",
    "SubnetIPAddressLimitReachedException",
]
# Step Functions names an error after the exception of the SDK that it calls Lambda with. AWS documents the names of
# the API; the Java SDK's second version spells the same exceptions so, and people have seen those.
SPELLED = [re.sub("ENI|EC2|IP", lambda found: found[0].capitalize(), name) for name in NETWORK]
NOT_READY = [f"Lambda.{name}" for name in sorted({*NETWORK, *SPELLED})]
UNKNOWN = ["Lambda.Unknown"]
# The function's process ended. A sandbox that was taken away comes back; a photo that kills its function does so again.
ENDED = ["Runtime.ExitError"]
# Seconds until Step Functions sees Lambda's refusal, generously.
REFUSED_SECONDS = 5


def retriers(state, name):
    """Those that would take this error, as an interpreter looks for them."""
    return [r for r in STATES[state]["Retry"] if name in r["ErrorEquals"] or "States.ALL" in r["ErrorEquals"]]


def delays(retrier):
    """The longest that each wait can be. With full jitter, a wait is anything from nothing to that."""
    return [
        min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** n, retrier["MaxDelaySeconds"])
        for n in range(retrier["MaxAttempts"])
    ]


def longest_wait(retrier):
    return sum(delays(retrier))


def surely_waits(retrier):
    """What all waits together come to, but for one execution in thirty thousand (four standard deviations)."""
    mean, variance = sum(delays(retrier)) / 2, sum(delay**2 for delay in delays(retrier)) / 12
    return mean - 4 * math.sqrt(variance)


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
    spare = STATES[harness.WORKERS[worker]]["TimeoutSeconds"] - FUNCTIONS[worker]["timeout_s"]
    assert 10 < spare <= 20


def test_r12_the_machine_outlives_every_retry_of_every_state():
    """If the machine's own timeout struck first, the end would go unrecorded. An attempt that Lambda refuses runs
    nothing, and is over within seconds."""
    worst = 0
    for state in TASKS.values():
        worst += state["TimeoutSeconds"]
        for retrier in (r for r in state["Retry"] if r["MaxAttempts"]):
            is_refused = set(retrier["ErrorEquals"]) <= {*THROTTLED, *NOT_READY}
            worst += retrier["MaxAttempts"] * (REFUSED_SECONDS if is_refused else state["TimeoutSeconds"])
            worst += longest_wait(retrier)
    assert 0.9 * MACHINE["TimeoutSeconds"] < worst < MACHINE["TimeoutSeconds"], "and throttles are waited out till then"


# ---------------------------------------------------------------------------------------------------------- retries


@pytest.mark.parametrize("name", SHORT + THROTTLED + NOT_READY + UNKNOWN)
@pytest.mark.parametrize("state", harness.WORKERS.values())
def test_r13_a_worker_is_called_again_after(name, state):
    (retrier,) = retriers(state, name)
    assert retrier["MaxAttempts"] >= 3
    assert retrier["BackoffRate"] > 1
    assert retrier["JitterStrategy"] == "FULL"
    assert retrier["MaxDelaySeconds"] <= 60


@pytest.mark.parametrize("state", harness.WORKERS.values())
def test_r13_nothing_else_is_retried_and_throttles_are_waited_out_longer(state):
    short, throttled, not_ready, unknown, ended = STATES[state]["Retry"]
    named = [sorted(retrier["ErrorEquals"]) for retrier in (short, throttled, not_ready, unknown, ended)]
    assert named == [sorted(SHORT), THROTTLED, NOT_READY, UNKNOWN, ENDED]
    assert ended["MaxAttempts"] == 2
    assert longest_wait(unknown) > 120 > 10 > longest_wait(short)
    assert surely_waits(throttled) > 1500


@pytest.mark.parametrize("state", harness.WORKERS.values())
def test_r13_a_network_interface_has_five_minutes_to_come_back(state):
    (not_ready,) = retriers(state, "Lambda.ResourceNotReadyException")
    assert surely_waits(not_ready) >= 300


@pytest.mark.parametrize("name", NETWORK + [name.removeprefix("Lambda.") for name in THROTTLED])
def test_r13_the_refusals_are_spelled_as_lambdas_api_spells_them(name):
    invoke = botocore.session.get_session().get_service_model("lambda").operation_model("Invoke")
    assert name in {shape.name for shape in invoke.error_shapes}


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
    rejection, *stale, anything = STATES[state]["Catch"]
    assert bool(stale) == (state == "Apply watermark"), "the one that reads what another left"
    assert rejection["ErrorEquals"] == harness.names_in_the_catalogue("Image")
    assert rejection["Next"] == "Read the reason"
    assert (anything["ErrorEquals"], anything["Next"]) == (["States.ALL"], "Record failure")
    assert {catcher["ResultPath"] for catcher in STATES[state]["Catch"]} == {"$.error"}


def test_r57_stale_pixels_are_made_again_by_the_stage_that_makes_them():
    catchers = STATES["Apply watermark"]["Catch"]
    (stale,) = (catcher for catcher in catchers if "Transient.StaleWork" in catcher["ErrorEquals"])
    assert stale["ErrorEquals"] == ["Transient.StaleWork"]
    back = STATES[stale["Next"]]
    assert (back["Result"], back["ResultPath"], back["Next"]) == ("resize", "$.stage", "Create variants")


@pytest.mark.parametrize("state", harness.RECORDS)
def test_r02_a_record_is_written_only_for_the_version_it_is_about(state):
    parameters = STATES[state]["Parameters"]
    assert parameters["ConditionExpression"] == "attribute_exists(pk) AND version_id = :version_id"
    assert parameters["ExpressionAttributeValues"][":version_id"] == {"S.$": "$.source.version_id"}
    removed = set(parameters["UpdateExpression"].partition(" REMOVE ")[2].split(", "))
    # It no longer expires, and the sweeper no longer looks at it.
    assert removed >= {"awaited_until", "expires_at", "unfinished"}
    assert ({"rejected", "rejected_id"} <= removed) is (state != "Record rejection")
    condition, anything = STATES[state]["Catch"]
    assert condition["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert condition["Next"] == "Newer upload or deleted"
    assert anything["ErrorEquals"] == ["States.ALL"]


def test_r14_only_the_operators_end_is_red():
    ends = {name: state["Type"] for name, state in STATES.items() if "Next" not in state and "End" not in state}
    assert ends == {"Image rejected": "Succeed", "Newer upload or deleted": "Succeed", "Processing failed": "Fail"}
