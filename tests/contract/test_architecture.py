"""The arrows of the house run one way: read from cargo's own dependency graph."""

import json
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LAMBDAS = {"albums", "announce", "auth", "upload", "images", "meta", "orchestrator", "validate", "resize", "watermark",
           "webhook"}


@pytest.fixture(scope="module")
def graph():
    """Package name → the packages it is built from, itself left out; build and dev dependencies do not count."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    name_of = {package["id"]: package["name"] for package in metadata["packages"]}
    direct = {
        node["id"]: {
            dependency["pkg"]
            for dependency in node["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        }
        for node in metadata["resolve"]["nodes"]
    }

    def closure(start):
        seen, todo = set(), [start]
        while todo:
            for dependency in direct[todo.pop()] - seen:
                seen.add(dependency)
                todo.append(dependency)
        return seen

    members = metadata["workspace_members"]
    return {name_of[member]: {name_of[found] for found in closure(member)} for member in members}


def of_the_cloud(names):
    return {name for name in names if name.startswith(("aws-", "aws_", "lambda_")) or name in {"tokio", "hyper"}}


@pytest.mark.parametrize("pure", ["darkroom-domain", "darkroom-imaging", "darkroom-pixels", "darkroom-cli"])
def test_what_is_pure_knows_no_cloud(graph, pure):
    assert of_the_cloud(graph[pure]) == set()


def test_domain_and_imaging_do_not_know_each_other(graph):
    assert "darkroom-imaging" not in graph["darkroom-domain"]
    assert "darkroom-domain" not in graph["darkroom-imaging"]


def test_nothing_below_knows_a_lambda(graph):
    assert set(graph) >= LAMBDAS
    for package, dependencies in graph.items():
        assert not dependencies & LAMBDAS, f"{package} depends on a Lambda"


def test_each_lambda_is_built_with_the_services_it_calls(graph):
    """Cargo unifies features over a workspace, so this reads what each Lambda asks for, not what it happens to get."""
    services = {
        "announce": {"eventbridge"},
        "auth": {"cognito"},
        "upload": {"s3", "dynamodb"},
        "images": {"gallery"},
        "albums": {"gallery"},
        "meta": set(),
        "orchestrator": {"s3", "dynamodb", "sfn"},
        "validate": {"s3", "imaging"},
        "resize": {"s3", "imaging"},
        "watermark": {"s3", "imaging"},
        "webhook": {"dynamodb", "kms", "sqs"},
    }
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    asked = {
        package["name"]: set(dependency["features"])
        for package in metadata["packages"]
        for dependency in package["dependencies"]
        if package["name"] in LAMBDAS and dependency["name"] == "darkroom" and dependency["kind"] is None
    }
    assert asked == services
