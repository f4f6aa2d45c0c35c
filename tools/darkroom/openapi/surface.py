"""What the API looks like from outside, one line a fact: operations, parameters, answers, every field.
api/surface.txt holds it, so that a reviewer sees each change of the API as a line, and a removed line as a break.

    python -m darkroom.openapi.surface       writes api/surface.txt; tests/contract fails while it differs
"""

from darkroom.openapi.document import Document
from darkroom.paths import REPOSITORY

FILE = REPOSITORY / "api/surface.txt"
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default")


def render(document=None):
    document = document or Document()
    lines = []
    for operation in document.operations():
        lines += [*_operation(document, operation), ""]
    for name, schema in sorted(document.schemas.items()):
        lines += [f"schema {name}: {_type(schema)}", *_fields(schema, "  "), ""]
    return "\n".join(lines)


def _operation(document, operation):
    yield f"{operation.name} ({operation.said['operationId']}, {'open to all' if operation.public else 'signed in'})"
    for parameter in operation.parameters:
        needed = " (required)" if parameter.get("required") else ""
        yield f"  {parameter['in']} {parameter['name']}: {_type(parameter['schema'])}{needed}"
    for media, content in operation.body.items():
        yield f"  takes {media}: {_type(content['schema'])}"
    for status, response in sorted(document.responses(operation).items()):
        kinds = [f"{media}: {_type(content['schema'])}" for media, content in response.get("content", {}).items()]
        headers = sorted(response.get("headers", {}))
        yield f"  {status} {', '.join(kinds) or 'nothing'} [{' '.join(headers)}]"


def _fields(schema, indent):
    required = schema.get("required", [])
    for name, said in sorted(schema.get("properties", {}).items()):
        yield f"{indent}{name}: {_type(said)}{' (required)' if name in required else ''}"
        inner = said.get("items", said)
        yield from _fields(inner, indent + "  ")


def _type(schema):
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    for word in ("oneOf", "anyOf", "allOf"):
        if word in schema:
            return f"{word} {' | '.join(_type(part) for part in schema[word])}"
    words = [schema.get("type", "anything")]
    if "items" in schema:
        words.append(f"of {_type(schema['items'])}")
    if isinstance(schema.get("additionalProperties"), dict):
        words.append(f"of {_type(schema['additionalProperties'])} by name")
    if "format" in schema:
        words.append(f"({schema['format']})")
    if schema.get("nullable"):
        words.append("or null")
    words += [f"{limit}={schema[limit]}" for limit in LIMITS if limit in schema]
    if "enum" in schema:
        words.append("= " + " | ".join(map(str, schema["enum"])))
    return " ".join(words)


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
