"""Dependencies between packages run one way, as cargo's own graph shows."""

import json
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LAMBDAS = {"albums", "announce", "auth", "bring", "erase", "sweep", "upload", "images", "mend", "meta", "orchestrator",
           "rerender",
           "validate", "resize", "watch", "watermark", "webhook"}


@pytest.fixture(scope="module")
def graph():
    """Package name → the packages it is built from, itself left out; build and dev dependencies do not count."""
    # For this machine's platform alone: a build here never fetched the crates of the others.
    host = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    platform = re.search(r"^host: (.+)$", host, re.MULTILINE)[1]
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", platform]
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


@pytest.mark.parametrize("pure", ["darkroom-domain", "darkroom-imaging", "darkroom-develop", "darkroom-cli"])
def test_what_is_pure_knows_no_cloud(graph, pure):
    assert of_the_cloud(graph[pure]) == set()


# The packages of src/ that each of them may use. Gallery is the top, domain and imaging the ground.
BELOW = {
    "darkroom-domain": set(),
    "darkroom-imaging": set(),
    "darkroom-develop": {"darkroom-domain", "darkroom-imaging"},
    "darkroom-aws": {"darkroom-domain"},
    "darkroom-runtime": {"darkroom-domain"},
    "darkroom-gallery": {"darkroom-aws", "darkroom-domain", "darkroom-runtime"},
}


def test_the_arrows_between_shared_packages_run_one_way(graph):
    shared = {package: dependencies & set(BELOW) for package, dependencies in graph.items() if package in BELOW}
    assert shared == BELOW


def test_nothing_below_knows_a_lambda(graph):
    assert set(graph) >= LAMBDAS
    for package, dependencies in graph.items():
        assert not dependencies & LAMBDAS, f"{package} depends on a Lambda"


def test_each_lambda_is_built_with_the_services_it_calls(graph):
    """Cargo unifies features over a workspace, so this reads what each Lambda asks for, not what it happens to get."""
    services = {
        "albums": {"s3", "dynamodb", "kms"},
        "announce": {"eventbridge"},
        "auth": {"cognito", "sqs"},
        "bring": {"dynamodb", "s3"},
        "erase": {"cognito", "dynamodb", "s3", "sqs"},
        "images": {"s3", "dynamodb", "kms"},
        "mend": {"cognito", "dynamodb", "s3", "sfn", "sqs"},
        "meta": set(),
        "orchestrator": {"s3", "dynamodb", "sfn"},
        "rerender": {"dynamodb", "s3", "sfn"},
        "resize": {"s3"},
        "sweep": {"dynamodb", "s3", "sfn", "sqs"},
        "upload": {"s3", "dynamodb"},
        "validate": {"s3"},
        "watch": {"dynamodb", "kms", "sfn", "sqs"},
        "watermark": {"s3"},
        "webhook": {"dynamodb", "kms", "sqs"},
    }
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    asked = {
        package["name"]: {
            feature
            for dependency in package["dependencies"]
            if dependency["name"] == "darkroom-aws" and dependency["kind"] is None
            for feature in dependency["features"]
        }
        for package in metadata["packages"]
        if package["name"] in LAMBDAS
    }
    assert asked == services


def test_each_module_of_darkroom_aws_is_behind_the_services_it_names():
    """The workspace has every service switched on; a Lambda that is built alone has not."""
    declared = re.findall(r"(?:#\[cfg\((.*)\)\]\n)?(?:pub )?mod (\w+);", (ROOT / "src/aws/lib.rs").read_text())
    assert len(declared) > 40
    switched = {name: set(re.findall(r'feature = "(\w+)"', gate)) for gate, name in declared}
    services = {"aws_sdk_cognitoidentityprovider": "cognito", "serde_dynamo": "dynamodb"}
    for name, on in switched.items():
        file = ROOT / f"src/aws/{name}.rs"
        code = (file if file.exists() else ROOT / f"src/aws/{name}/mod.rs").read_text().split("#[cfg(test)]")[0]
        named = set(re.findall(r"\b(?:aws_sdk_\w+|serde_dynamo)\b", code))
        assert {services.get(crate, crate.removeprefix("aws_sdk_")) for crate in named} <= on, name
