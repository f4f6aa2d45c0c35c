"""api/openapi.yaml is the truth of the API: it must be valid, its examples must match their schemas, and its copies of
the settings and of the error catalogue must equal them."""

import json
import re
from pathlib import Path

import pytest
import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import validate

ROOT = Path(__file__).resolve().parents[2]
SPEC = yaml.safe_load((ROOT / "api/openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS = SPEC["components"]["schemas"]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def settings(name):
    return json.loads((ROOT / "settings" / name).read_text(encoding="utf-8"))


def resolve(node):
    """The node, with its reference followed."""
    while "$ref" in node:
        target = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/")]
        node = target
    return node


def operations():
    for path, item in SPEC["paths"].items():
        for method in METHODS & item.keys():
            yield pytest.param(path, method, item[method], id=f"{method.upper()} {path}")


def media_types(node, trail=""):
    """Every media type object with its place, bodies and answers alike."""
    if isinstance(node, dict):
        for media, content in node.get("content", {}).items() if isinstance(node.get("content"), dict) else ():
            yield f"{trail} {media}", content
        for key, child in node.items():
            yield from media_types(child, f"{trail}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from media_types(child, f"{trail}/{index}")


def examples():
    for place, content in media_types(SPEC):
        found = [content["example"]] if "example" in content else []
        found += [resolve(example)["value"] for example in content.get("examples", {}).values()]
        for number, example in enumerate(found):
            yield pytest.param(content["schema"], example, id=f"{place} {number}")


def errors(schema, instance):
    schema = {"allOf": [schema], "components": SPEC["components"]}  # so that references find their targets
    return [e.message for e in OAS30Validator(schema, format_checker=oas30_format_checker).iter_errors(instance)]


def test_the_document_is_valid():
    validate(SPEC)


@pytest.mark.parametrize("schema, example", list(examples()))
def test_every_example_is_what_it_illustrates(schema, example):
    assert errors(schema, example) == []


def test_every_body_and_answer_has_an_example():
    assert [place for place, content in media_types(SPEC) if not content.keys() & {"example", "examples"}] == []


def test_r36_no_object_is_open():
    def open_objects(node, trail):
        if isinstance(node, dict):
            if node.get("type") == "object" and "additionalProperties" not in node:
                yield trail
            for key, child in node.items():
                yield from open_objects(child, f"{trail}/{key}")
        elif isinstance(node, list):
            for child in node:
                yield from open_objects(child, trail)

    assert list(open_objects(SCHEMAS, "")) == []


@pytest.mark.parametrize("path, method, operation", list(operations()))
def test_every_operation_can_be_wired(path, method, operation):
    assert operation["x-lambda"] in settings("functions.json")["functions"]
    assert method != "options", "Terraform derives each path's preflight"
    public = path.startswith(("/auth/", "/shared/")) or operation["x-lambda"] == "meta"
    public = public and path != "/auth/change-password"  # for signed-in users, who could guess passwords there
    assert operation.get("security", SPEC["security"]) == ([] if public else [{"user": []}])


@pytest.mark.parametrize("path, method, operation", list(operations()))
def test_r36_errors_are_problems(path, method, operation):
    for status, response in operation["responses"].items():
        if status == "default" or int(status) >= 400:
            assert list(resolve(response)["content"]) == ["application/problem+json"], status
    assert {"400", "429", "default"} <= operation["responses"].keys()


def test_operation_ids_are_unique():
    ids = [operation["operationId"] for _, _, operation in (p.values for p in operations())]
    assert len(ids) == len(set(ids))


def test_r18_the_codes_are_those_of_the_catalogue():
    catalogue = re.findall(
        r'^ +\w+ = "(\w+\.\w+)",', (ROOT / "src/domain/error.rs").read_text(encoding="utf-8"), re.MULTILINE
    )
    rejections = [code for code in catalogue if code.startswith("Image.")]  # shown in the outcome, never as a problem
    assert rejections and SCHEMAS["ProblemCode"]["enum"] == [code for code in catalogue if code not in rejections]
    assert SCHEMAS["RejectionCode"]["enum"] == rejections


def test_a_webhooks_refusals_are_those_that_the_function_knows():
    source = (ROOT / "lambdas/webhook/src/post.rs").read_text(encoding="utf-8")
    known = re.findall(r'Self::\w+(?:\(_\))? => "(\w+)"', source)
    assert known and SCHEMAS["WebhookRefusal"]["enum"] == known


def test_the_settings_say_the_same():
    limits, request = settings("limits.json"), SCHEMAS["UploadRequest"]["properties"]
    assert request["size_bytes"]["maximum"] == limits["max_bytes"]
    assert SCHEMAS["ContentType"]["enum"] == limits["content_types"]
    assert SCHEMAS["UploadsRequest"]["properties"]["uploads"]["maxItems"] == limits["uploads_per_call"]
    assert SCHEMAS["Size"]["enum"] == [variant["name"] for variant in settings("recipe.json")["variants"]]
    assert SCHEMAS["SizeOrOriginal"]["enum"] == [*SCHEMAS["Size"]["enum"], "original"]
    # image/heif is another name that phones give to image/heic.
    taken = [kind.removeprefix("image/") for kind in limits["content_types"] if kind != "image/heif"]
    made = settings("recipe.schema.json")["definitions"]["variant"]["properties"]["format"]["enum"]
    assert SCHEMAS["Format"]["enum"] == [*taken, *(kind for kind in made if kind not in taken), "auto"]
    life = SCHEMAS["NewLink"]["properties"]["expires_in_seconds"]
    assert (life["default"], life["maximum"]) == (limits["share_link_s"], limits["share_link_max_s"])
    assert SCHEMAS["Password"]["minLength"] == settings("identity.json")["password"]["minimum_length"]


@pytest.mark.parametrize(
    "schema, good, bad",
    [
        (
            "Email",
            ["ada@example.com", "a+b@x.co.uk"],
            ["", "ada", "a@b", "a@@b.c", "a b@c.de", "ä@c.de", "a@b..de"],
        ),
        (
            "Password",
            ["a good long password", "ÄÖÜäöüÄÖÜäöü"],
            ["short", " leading spaces", "trailing space ", "tab\tin the middle"],
        ),
        ("Code", ["012345"], ["12345", "1234567", "12345a", ""]),
    ],
)
def test_what_the_patterns_let_in(schema, good, bad):
    rule = {"$ref": f"#/components/schemas/{schema}"}
    assert [text for text in good if errors(rule, text)] == []
    assert [text for text in bad if not errors(rule, text)] == []


@pytest.mark.parametrize(
    "name, allowed",
    [
        ("Sünset at the läke 🌅.jpg", True),
        (".jpg", True),
        ("a/b.jpg", False),
        ("a\\b.jpg", False),
        ("a\nb.jpg", False),
        ("photo\u202egpj.exe", False),
        ("", False),
        ("x" * 255, True),
        ("x" * 256, False),
    ],
)
def test_r31_what_a_filename_may_be(name, allowed):
    rule = SCHEMAS["Filename"]
    assert (errors(rule, name) == []) is allowed
