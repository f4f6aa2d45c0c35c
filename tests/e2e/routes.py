"""Requests to any operation, well-formed and ill-formed, made from api/openapi.yaml."""

import uuid

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from darkroom.openapi.document import Document

DOCUMENT = Document()
OPERATIONS = list(DOCUMENT.operations())
SIGNED_IN = [operation for operation in OPERATIONS if not operation.public]
WITH_BODY = [operation for operation in OPERATIONS if operation.body]
# Each parameter refuses one of them. A cursor and a name are text, the others are not.
WRONG = ["tomorrow!", "a/b"]


def request(operation, ids=None, query=None, body=None):
    """Path and body, of the things with these ids; those that are not given are nowhere. What the body does not say is
    as in the file's example."""
    path = operation.path
    for said in operation.parameters:
        if said["in"] == "path":
            path = path.replace(f"{{{said['name']}}}", (ids or {}).get(said["name"]) or str(uuid.uuid4()))
    asked = required_query(operation) | (query or {})
    path += f"?{'&'.join(f'{name}={value}' for name, value in asked.items())}" if asked else ""
    return path, {"json": example(operation) | (body or {})} if operation.body else {}


def example(operation):
    return DOCUMENT.examples(operation.body["application/json"])[0]


def required_query(operation):
    asked = (said for said in operation.parameters if said["in"] == "query" and said.get("required"))
    return {said["name"]: right(said) for said in asked}


def right(parameter):
    schema = DOCUMENT.resolve(parameter["schema"])
    return next(value for value in [*schema.get("enum", []), "photo.jpg"] if fits(schema, value))


def ill_formed(operation, ids):
    """Each parameter in turn with a value that it cannot have: its place, its name, and the request."""
    for said in operation.parameters:
        wrong = next((value for value in WRONG if not fits(DOCUMENT.resolve(said["schema"]), value)), None)
        name = said["name"]
        if wrong and said["in"] == "query":
            yield "query", name, *request(operation, ids, query={name: wrong})
        elif wrong and said["in"] == "path":
            yield "path", name, *request(operation, ids | {name: wrong.replace("/", "%2F")})


def fits(schema, value):
    return schema["type"] == "string" and OAS30Validator(schema, format_checker=oas30_format_checker).is_valid(value)
