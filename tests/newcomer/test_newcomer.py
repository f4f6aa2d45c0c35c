"""Each test continues where the one before it left the stack, as a person does."""

import json
import os
import socket
import time

import pytest

from darkroom.stack import adopt
from tests.newcomer.conftest import OFFLINE, WHOLE
from tests.newcomer.person import Person, busy_cores, kill_at_a_random_moment

KILLS = int(os.environ.get("KILLS") or (20 if WHOLE else 1))
# The targets of docs/LAPTOP.md, on two idle cores. `make test` runs beside other work, so it gets twice that.
SLACK = 1 if WHOLE else 2
COLD_S, EMPTY_ENGINE_S, ALREADY_UP_S, AFTER_DOWN_S = 480, 90, 5, 12


@pytest.fixture(scope="session")
def comes_up(newcomer, times):
    def within(limit_s: float, what: str) -> float:
        seconds = times.add(f"make up, {what}", newcomer.up())
        assert seconds <= limit_s, newcomer.said
        return seconds
    return within


@pytest.fixture(scope="session")
def from_empty_s(newcomer, times):
    newcomer.run("make", "cli")  # compiles the programs that are not built yet
    return times.add("make up, built, an empty engine", newcomer.up())


@pytest.mark.whole
def test_cold(newcomer, comes_up):
    comes_up(COLD_S, "nothing built")
    newcomer.develop_a_photo()
    newcomer.clean()


def test_with_built_programs_and_an_empty_engine(newcomer, from_empty_s):
    assert from_empty_s <= EMPTY_ENGINE_S * SLACK, newcomer.said
    newcomer.develop_a_photo()


def test_r53_a_resource_of_each_kind_can_be_made_though_it_is_there(newcomer, from_empty_s):
    """A kind that no list names would end every `make up` after a lost state. test_killed_applies.py tries them."""
    state = json.loads((newcomer.stack / "terraform" / "terraform.tfstate").read_text())
    kinds = {one["type"] for one in state["resources"] if one["mode"] == "managed"}
    assert kinds - adopt.ADOPTED.keys() - adopt.REMOVED.keys() - adopt.WRITTEN_OVER == set()


def test_again(comes_up):
    comes_up(ALREADY_UP_S * SLACK, "when it is up")


def test_after_down(newcomer, comes_up):
    newcomer.run("make", "down")
    comes_up(AFTER_DOWN_S * SLACK, "after make down")
    newcomer.develop_a_photo()


def test_with_a_terraform_configuration_that_is_not_there(newcomer):
    variables = {"TF_CLI_CONFIG_FILE": str(newcomer.home / "gone.tfrc")}
    (newcomer.stack / "terraform" / "applied").unlink()  # so that Terraform is asked at all
    said = newcomer.run("make", "up", **variables)
    assert "gone.tfrc" in said, "the person is told that it was ignored"


def test_r53_offline(newcomer):
    """Everything that was downloaded once is enough, also where Terraform has to look at all resources again."""
    newcomer.run("make", "down")
    (newcomer.stack / "terraform" / "applied").unlink()
    commands = "make up && make status && make -s token && make down"
    newcomer.run(*OFFLINE, "bash", "-ec", commands)
    newcomer.up()
    newcomer.develop_a_photo()


def test_a_port_that_is_taken(newcomer):
    newcomer.run("make", "down")
    with socket.create_server(("127.0.0.1", newcomer.port)):
        code, said = newcomer.try_to("make", "up")
    assert code != 0
    assert str(newcomer.port) in said
    assert "pytest" in said, "it says which program has the port"
    newcomer.up()


def test_r53_killed_while_it_comes_up(newcomer, from_empty_s, chance, times):
    for number in range(KILLS):
        if number % 2 == 0:
            newcomer.clean()  # the first time, which has most to lose
        moment = kill_at_a_random_moment(newcomer, from_empty_s, chance, engine_too=number % 4 >= 2)
        seconds = newcomer.up()
        times.add(f"make up, after SIGKILL at {moment:.1f} s", seconds)
        newcomer.develop_a_photo()


@pytest.mark.whole
def test_r53_killed_while_two_cores_are_busy(newcomer, chance):
    for number in range(4):
        newcomer.clean()
        with busy_cores():
            kill_at_a_random_moment(newcomer, 120, chance, engine_too=number % 2 == 1)
            newcomer.up()
            newcomer.develop_a_photo()


@pytest.mark.whole
def test_two_stacks_beside_each_other(newcomer, tmp_path):
    other = Person(newcomer.checkout, newcomer.home, stack=tmp_path / "stack")
    newcomer.up()
    try:
        other.up()
        other.develop_a_photo()
        newcomer.develop_a_photo()
    finally:
        other.clean()


@pytest.mark.whole
def test_r53_make_test_and_make_test_offline(newcomer, times):
    began = time.monotonic()
    newcomer.run("make", "test")
    assert times.add("make test, after make up", time.monotonic() - began) <= 900
    newcomer.run(*OFFLINE, "make", "test")
