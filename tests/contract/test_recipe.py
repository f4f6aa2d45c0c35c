"""settings/recipe.schema.json, which editors read, against the recipe that ships and the examples that the engine's own
rules are tested with (`src/imaging/recipe.rs`)."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "settings/recipe.schema.json").read_text(encoding="utf-8"))
EXAMPLES = json.loads((ROOT / "fixtures/recipes.json").read_text(encoding="utf-8"))
JUDGE = Draft7Validator(SCHEMA)


def test_the_schema_is_one():
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("recipe", EXAMPLES["right"])
def test_what_the_engine_takes_is_taken(recipe):
    assert [error.message for error in JUDGE.iter_errors(recipe)] == []


@pytest.mark.parametrize("wrong", EXAMPLES["wrong"], ids=lambda wrong: wrong["says"])
def test_what_the_engine_refuses_is_refused(wrong):
    assert not JUDGE.is_valid(wrong["recipe"])


@pytest.mark.parametrize("wrong", EXAMPLES["wrong beyond a schema"], ids=lambda wrong: wrong["says"])
def test_what_only_the_engine_can_know_is_left_to_it(wrong):
    assert JUDGE.is_valid(wrong["recipe"])


def test_what_ships_names_its_schema_and_keeps_to_it():
    recipe = json.loads((ROOT / "settings/recipe.json").read_text(encoding="utf-8"))
    assert (ROOT / "settings" / recipe["$schema"]).is_file()
    assert [error.message for error in JUDGE.iter_errors(recipe)] == []
