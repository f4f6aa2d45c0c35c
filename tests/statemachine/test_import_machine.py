"""The machine that imports a bucket: its file, two linters, and its behaviour on two interpreters, with a stub in the
place of `bring`. Neither interpreter makes batches: the local engine ignores the field and hands each object on by
itself, and moto refuses the field, so the machine runs without it there. What a batch of AWS looks like is tested with
the function (lambdas/bring/src/work.rs)."""

import io
import json
import re
import sys
import uuid
import zipfile

import pytest

import machine_harness as harness
from test_machine_lint import LINTERS

FILE = harness.REPOSITORY / "statemachine" / "import-bucket.asl.json"
FUNCTIONS = json.loads((harness.REPOSITORY / "settings" / "functions.json").read_text())["functions"]
VARIABLES = {
    "bring_arn": f"arn:aws:lambda:{harness.REGION}:{harness.ACCOUNT}:function:bring:live",
    "batch_size": "100",
    "batches_at_once": "4",
    "images_bucket": "results",
}


def rendered(**variables):
    return harness.render(FILE.read_text(), **VARIABLES | variables)


MACHINE = json.loads(rendered())
MAP = MACHINE["States"]["Bring photos"]
INNER = MAP["ItemProcessor"]["States"]
STATES = MACHINE["States"] | INNER


# --------------------------------------------------------------------------------------------------------------- file


def test_the_template_asks_for_what_terraform_gives_and_nothing_else():
    assert set(re.findall(r"\$\{(.*?)\}", FILE.read_text())) == set(VARIABLES)


@LINTERS
def test_the_rendered_machine_is_clean(linter, tmp_path):
    machine = tmp_path / "machine.json"
    machine.write_text(rendered())
    ran = linter(machine)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_each_state_says_what_it_does_and_what_to_do():
    for name, state in STATES.items():
        comment = state["Comment"]
        assert len(comment) > 50 and comment.endswith("."), name
        needs_advice = state["Type"] in ("Task", "Map", "Fail")
        assert needs_advice == bool(re.search(r"If it fails: |An operator must act", comment)), name


def test_r12_no_state_can_hang():
    task = INNER["Bring a batch"]
    assert FUNCTIONS["bring"]["timeout_s"] < task["TimeoutSeconds"] < 120
    assert MACHINE["TimeoutSeconds"] == 365 * 86_400, "an execution lasts a year at most"


def test_r13_what_will_pass_is_retried_for_long_and_what_will_not_is_not():
    (retry,) = INNER["Bring a batch"]["Retry"]
    transient = set(harness.names_in_the_catalogue("Transient")) - {"Transient.StaleWork"}
    assert transient <= set(retry["ErrorEquals"])
    assert not {name for name in retry["ErrorEquals"] if name.startswith(("Worker.", "Image."))}
    assert {"Lambda.TooManyRequestsException", "Runtime.ExitError"} <= set(retry["ErrorEquals"])
    assert retry["MaxAttempts"] * retry["MaxDelaySeconds"] / 2 > 1200, "a throttled account recovers within that"
    assert retry["JitterStrategy"] == "FULL"


def test_r15_a_batch_fits_into_the_input_of_an_execution():
    batcher = MAP["ItemBatcher"]
    longest = {"import": "x" * 60, "run": 999_999, "object": {
        "Etag": f'"{"0" * 32}-10000"', "Key": "x" * 1024, "LastModified": 1_700_000_000, "Size": 52_428_800,
        "StorageClass": "INTELLIGENT_TIERING"}}
    assert batcher["MaxInputBytesPerBatch"] < 256 * 1024
    assert batcher["MaxItemsPerBatch"] * len(json.dumps(longest)) < 256 * 1024


def test_r55_few_batches_run_at_once_and_a_broken_one_does_not_end_an_import():
    assert MAP["MaxConcurrency"] == int(VARIABLES["batches_at_once"])
    assert 0 < MAP["ToleratedFailurePercentage"] < 10
    assert MAP["ResultPath"] is None and "ResultWriter" in MAP, "the outputs of all batches do not fit into one"


# ---------------------------------------------------------------------------------------------------------- behaviour


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bring")


@pytest.fixture(scope="session")
def bring(ministack_url, folder):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        bootstrap = zipfile.ZipInfo("bootstrap")
        bootstrap.external_attr = 0o755 << 16
        archive.writestr(bootstrap, f"#!{sys.executable}\n{(harness.HERE / 'stub_bring.py').read_text()}")
        archive.writestr("stub_worker.py", (harness.HERE / "stub_worker.py").read_text())
    functions = harness.client("lambda", ministack_url)
    functions.create_function(
        FunctionName="bring", Runtime="provided.al2023", Handler="bootstrap", Code={"ZipFile": code.getvalue()},
        Role=f"arn:aws:iam::{harness.ACCOUNT}:role/worker", Timeout=30, Publish=True,
        Environment={"Variables": {"SCRIPTS": str(folder)}})
    functions.create_alias(FunctionName="bring", Name="live", FunctionVersion="1")
    storage = harness.client("s3", ministack_url)
    for bucket in ("theirs", "results"):
        storage.create_bucket(Bucket=bucket)
    return storage


@pytest.fixture
def imported(engine, bring, folder):
    """Imports objects of these names on an interpreter: how it ended, and what `bring` was asked."""

    def imported(*names):
        prefix = uuid.uuid4().hex[:8]
        for name in names:
            bring.put_object(Bucket="theirs", Key=f"{prefix}/{name}", Body=b"1234567")
        source = {"import": "x", "run": 2, "bucket": "theirs", "prefix": f"{prefix}/"}
        machine = engine.machine(without_batches() if engine.name == "moto" else MACHINE)
        started = engine.sfn.start_execution(
            stateMachineArn=machine, name=f"import-{prefix}", input=json.dumps(source))
        run = engine.finish(started["executionArn"])
        calls = folder / f"{prefix}.calls"
        return run, [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []

    return imported


def without_batches():
    """As moto reads it: the percentage must be a float there, and a whole number for statelint."""
    outer = {name: value for name, value in MAP.items() if name != "ItemBatcher"}
    outer["ToleratedFailurePercentage"] = float(MAP["ToleratedFailurePercentage"])
    states = MACHINE["States"] | {"Bring photos": outer}
    return MACHINE | {"States": states}


def key(task):
    return task["object"]["Key"].partition("/")[2]


def test_r62_each_object_is_handed_on_with_its_import_and_what_s3_lists_of_it(imported):
    run, asked = imported("a.jpg", "b c+%.jpg")
    assert (run.status, run.states) == ("SUCCEEDED", ["Bring photos", "Import done"])
    assert sorted(map(key, asked)) == ["a.jpg", "b c+%.jpg"]
    for task in asked:
        assert (task["import"], task["run"]) == ("x", 2)
        listed = {"ETag" if name == "Etag" else name for name in task["object"]}  # AWS writes Etag, moto as S3 does
        assert task["object"]["Size"] == 7 and {"ETag", "LastModified"} <= listed


def test_r17_what_is_left_is_handed_back_until_nothing_is(imported):
    run, asked = imported("slow.jpg")
    assert run.status == "SUCCEEDED"
    first, second = asked
    assert key(first) == "slow.jpg" and second["objects"] == [first["object"]["Key"]] and not second["is_done"]


def test_r13_what_passes_is_tried_again(imported):
    run, asked = imported("flaky.jpg")
    assert (run.status, len(asked)) == ("SUCCEEDED", 3)


def test_one_broken_batch_among_many_leaves_the_rest(imported):
    run, asked = imported("denied.jpg", *(f"{number:02}.jpg" for number in range(60)))
    assert (run.status, len(asked)) == ("SUCCEEDED", 61), "one in sixty is tolerated"


@pytest.mark.parametrize("engine", ["ministack"], indirect=True)  # moto does not enforce the percentage
def test_an_import_whose_batches_fail_ends_in_a_state_that_says_so(imported):
    run, _ = imported("denied.jpg", "a.jpg")
    assert (run.status, run.states[-1]) == ("FAILED", "Import failed")
    assert run.error == "States.ExceedToleratedFailureThreshold"
