"""The faults that `make up` repairs by itself. Terraform is a script here that fails as the real one does;
test_converge_killed.py has the real one, and the engine."""
import json
import os
import stat
import subprocess
import sys
import textwrap

import pytest

from darkroom import processes
from darkroom.console import Failure
from darkroom.paths import Stack
from darkroom.stack import adopt, converge, engine, provision

CONFLICT = ("creating API Gateway Resource: operation error API Gateway: CreateResource, https response error "
            "StatusCode: 409, ConflictException: Another resource with the same parent already has this name: signout")
TERRAFORM = """
    import json, os, pathlib, sys
    folder = pathlib.Path(os.environ["FAKE"])
    words = [word for word in sys.argv[1:] if not word.startswith("-chdir=")]
    with open(folder / "calls", "a") as calls:
        print(words[0], file=calls)
    if words[0] == "show":
        print("{}")
    if words[0] == "plan":
        pathlib.Path(next(word for word in words if word.startswith("-out="))[5:]).touch()
    if words[0] == "apply":
        errors = (folder / "errors").read_text().splitlines()
        (folder / "errors").write_text("\\n".join(errors[1:]))
        if errors and errors[0]:
            print(json.dumps({"type": "diagnostic", "diagnostic": {
                "severity": "error", "summary": errors[0], "address": "aws_api_gateway_resource.level2[0]"}}))
            sys.exit(1)
        pathlib.Path(os.environ["TF_DATA_DIR"]).with_name("terraform.tfstate").write_text('{"resources": []}')
"""


@pytest.fixture
def stack(tmp_path, monkeypatch):
    stack = Stack(tmp_path / "home", 4599, tmp_path / "venv")
    stack.logs.mkdir(parents=True)
    kept = stack.engine / "state"
    monkeypatch.setattr(engine, "start", lambda _stack: kept.mkdir(parents=True, exist_ok=True))
    monkeypatch.setattr(engine, "stop", lambda _stack: True)
    return stack


@pytest.fixture
def terraform(tmp_path, monkeypatch):
    """`terraform(*errors)`: one for each apply, "" for success. Returns what was called."""
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{textwrap.dedent(TERRAFORM)}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE", str(tmp_path))

    def fails_with(*errors):
        (tmp_path / "errors").write_text("\n".join(errors))
        return lambda: (tmp_path / "calls").read_text().split()

    return fails_with


def provisioned(stack):
    """The stack after the first `make up`: a state, and an engine with data."""
    stack.terraform.mkdir(parents=True)
    stack.terraform_state.write_text('{"resources": []}')
    (stack.engine / "state").mkdir(parents=True)
    (stack.engine / "state" / "cognito.json").write_text("a user")
    stack.stack_json.write_text("{}")


def test_a_first_provisioning_that_fails_starts_from_nothing(stack, terraform):
    calls = terraform(CONFLICT, "")
    converge.prepare(stack)
    (stack.engine / "state").mkdir(parents=True)
    (stack.engine / "state" / "apigateway_v1.json").write_text("the resource that Terraform does not know")
    stack.terraform_state.write_text("half of it")
    assert converge.apply(stack)
    assert calls() == ["apply", "init", "apply"]
    assert not any((stack.engine / "state").iterdir())
    assert stack.terraform_state.read_text() != "half of it"
    assert not stack.unfinished.exists() and provision.is_applied(stack)


def test_a_first_provisioning_that_was_killed_starts_from_nothing(stack, terraform):
    converge.prepare(stack)
    (stack.engine / "s3").mkdir(parents=True)
    stack.terraform_state.write_text('{"resources": []}')
    stack.stack_json.write_text("{}")
    (stack.terraform / "data").mkdir()
    converge.prepare(stack)
    assert not stack.engine.exists() and not stack.terraform_state.exists() and not stack.stack_json.exists()
    assert (stack.terraform / "data").exists(), "the provider did not fail"


def test_later_the_engine_keeps_what_it_has(stack, terraform, monkeypatch):
    provisioned(stack)
    removed = []
    found = iter([[adopt.Found("module.api.aws_api_gateway_resource.level2[0]", remove=lambda: removed.append("it")),
                   adopt.Found("aws_sqs_queue.uploads", import_id="http://queue")], []])
    monkeypatch.setattr(adopt, "find", lambda *_: next(found))
    calls = terraform(CONFLICT, "")
    converge.prepare(stack)
    assert converge.apply(stack)
    assert calls() == ["apply", "plan", "show", "plan", "show", "apply"]
    assert removed == ["it"]
    blocks = next((stack.terraform / "adopting").rglob("adopted.tf")).read_text()
    assert blocks.split() == ['import', '{', 'to', '=', 'aws_sqs_queue.uploads', 'id', '=', '"http://queue"', '}']
    assert (stack.engine / "state" / "cognito.json").read_text() == "a user"


@pytest.mark.parametrize("by_an_older_version", [False, True])
def test_an_apply_that_was_killed_later_is_compared_before_the_next(stack, terraform, by_an_older_version):
    provisioned(stack)
    if by_an_older_version:
        stack.stack_json.unlink()
    else:
        stack.unfinished.write_text(converge.LATER)
    calls = terraform("")
    converge.prepare(stack)
    assert converge.apply(stack)
    assert calls() == ["plan", "show", "apply"]


def test_after_four_tries_it_says_what_to_do(stack, terraform):
    provisioned(stack)
    calls = terraform(*[CONFLICT] * 9)
    with pytest.raises(Failure, match=r"level2.*already has this name: signout(.|\n)*`make clean` starts from nothing"):
        converge.apply(stack)
    assert calls().count("apply") == 4


def test_a_mistake_in_a_file_is_not_tried_again(stack, terraform):
    calls = terraform("Invalid expression")
    converge.prepare(stack)
    with pytest.raises(Failure, match="Invalid expression"):
        converge.apply(stack)
    assert calls() == ["apply"]


def test_nothing_is_applied_twice(stack, terraform):
    calls = terraform("")
    converge.prepare(stack)
    assert converge.apply(stack)
    converge.prepare(stack)
    assert not converge.apply(stack)
    assert calls() == ["apply"]


@pytest.mark.parametrize("content", ["", '{"version": 4, "resou', "[]", "\0\0\0"])
def test_a_state_that_is_cut_off_gives_way_to_its_backup(stack, content):
    provisioned(stack)
    stack.terraform_state.write_text(content)
    backup = stack.terraform_state.with_name("terraform.tfstate.backup")
    backup.write_text('{"resources": [1]}')
    converge.prepare(stack)
    assert json.loads(stack.terraform_state.read_text()) == {"resources": [1]}
    assert stack.unfinished.read_text() == converge.LATER


def test_a_state_that_is_lost_is_read_from_the_engine(stack):
    provisioned(stack)
    stack.terraform_state.write_text("")
    converge.prepare(stack)
    assert not stack.terraform_state.exists()
    assert stack.unfinished.read_text() == converge.LATER
    assert (stack.engine / "state" / "cognito.json").exists()


def test_the_terraform_of_a_killed_make_up_may_end(stack):
    provisioned(stack)
    with subprocess.Popen(["sleep", "0.5"]) as left:
        stack.terraform_process.write_text(json.dumps({"pid": left.pid, "started": processes.started(left.pid)}))
        converge.prepare(stack)
        assert not processes.started(left.pid)
    assert not stack.terraform_process.exists()


@pytest.mark.parametrize("content", ["", "[]", "7", '{"pid": "x", "started": ""}', '{"pid": 1, "started": "not then"}'])
def test_a_note_of_a_terraform_that_is_gone_means_nothing(stack, content):
    provisioned(stack)
    stack.terraform_process.write_text(content)
    converge.prepare(stack)
    assert not stack.terraform_process.exists()


def test_the_line_says_how_much_there_is_and_what_it_waits_for():
    progress = provision.Progress()
    assert progress.note() == "planning "
    queue = 'module.stack.module.uploads.aws_sqs_queue.this["a.b"]'

    def event(kind, **more):
        progress.read(json.dumps({"type": kind, **more}) + "\n")

    def hook(kind, address):
        event(kind, hook={"action": "create", "resource": {"addr": address}})

    event("change_summary", changes={"operation": "plan", "add": 3, "change": 1, "remove": 0})
    hook("apply_start", queue)
    hook("apply_start", "aws_kms_key.this")
    hook("apply_complete", "aws_kms_key.this")
    assert progress.note() == '1 of 4 resources, waiting for uploads.aws_sqs_queue.this["a.b"] (0 s) '
    hook("apply_errored", queue)
    progress.read("panic: not JSON\n")
    assert progress.note() == "1 of 4 resources " and progress.errors == ["panic: not JSON"]
