"""docs/API.md, written from api/openapi.yaml: a table of routes, then each route with what it takes and answers, and a
curl command that is made of the file's own examples.

    make docs       writes it; tests/contract fails while it differs
"""

import json
import re
import shlex

from darkroom.openapi.document import Document
from darkroom.paths import REPOSITORY

FILE = REPOSITORY / "docs/API.md"
ERRORS = "ERRORS.md"


def render(document=None):
    return Reference(document or Document()).text()


class Reference:
    def __init__(self, document):
        self.document = document
        self.operations = list(document.operations())

    def text(self):
        info = self.document.spec["info"]
        parts = [
            f"# The API of {info['title']}",
            "<!-- Written by `make docs` from api/openapi.yaml. Change that file, not this one. -->",
            _in_docs(info["description"].strip()),
            START,
            "## Routes",
            self._table(),
            "Whatever is asked, there may also be this answer:",
            self._rows_of_answers(self._everywhere()),
        ]
        for tag in self.document.spec["tags"]:
            mine = [operation for operation in self.operations if tag["name"] in operation.said["tags"]]
            if mine:
                parts += [f"## {tag['name'].capitalize()}", tag["description"]]
                parts += [part for operation in mine for part in self._operation(operation)]
        parts += ["## Objects", "What routes take and answer. A field is optional unless it says *required*."]
        for name, schema in sorted(self.document.schemas.items()):
            parts += self._schema(name, schema)
        return "\n\n".join(parts) + "\n"

    # -------------------------------------------------------------------------------------------------------- routes

    def _table(self):
        rows = [("route", "what it does", "who")]
        rows += [(f"[`{operation.name}`](#{anchor(operation.said['summary'])})", operation.said["summary"],
                  "all" if operation.public else "signed in") for operation in self.operations]
        return _table(rows)

    def _operation(self, operation):
        yield f"### {operation.said['summary']}"
        yield f"`{operation.name}`" + ("" if operation.public else ", signed in")
        if "description" in operation.said:
            yield _in_docs(operation.said["description"].strip())
        if operation.parameters:
            yield self._parameters(operation.parameters)
        for media, content in operation.body.items():
            optional = "" if operation.said["requestBody"].get("required") else ", optional"
            yield f"**Body** `{media}`{optional}: {self._named(content['schema'])}"
        yield _fenced("sh", self._curl(operation))
        yield self._answers(operation)
        shown = self._shown(operation)
        if shown:
            yield shown

    def _parameters(self, parameters):
        rows = [("parameter", "in", "what", "")]
        for parameter in parameters:
            needed = "required" if parameter.get("required") else ""
            what = _joined(self._named(parameter["schema"]), parameter.get("description", ""))
            rows.append((f"`{parameter['name']}`", parameter["in"], what, needed))
        return _table(rows)

    def _answers(self, operation):
        everywhere = self._everywhere()
        own = {status: response for status, response in self.document.responses(operation).items()
               if status not in everywhere}
        return self._rows_of_answers(own)

    def _everywhere(self):
        """The errors that every route describes in the same words."""
        first, *others = [self.document.responses(operation) for operation in self.operations]
        return {status: response for status, response in first.items()
                if (status == "default" or int(status) >= 400)
                and all(other.get(status) == response for other in others)}

    def _rows_of_answers(self, responses):
        rows = [("answer", "when", "what", "headers")]
        for status, response in responses.items():
            kinds = [f"{self._named(content['schema'])} (`{media}`)" for media, content in
                     response.get("content", {}).items()]
            headers = [f"`{name}`" for name in response.get("headers", {}) if name != "x-request-id"]
            status = "5xx" if status == "default" else status
            rows.append((f"**{status}**", _joined(response["description"], self._code(response)), " or ".join(kinds),
                         ", ".join(headers)))
        return _table(rows)

    def _code(self, response):
        """The code of the example, which is the most frequent one."""
        examples = self.document.examples(response.get("content", {}).get("application/problem+json", {}))
        return ", ".join(f"[`{example['code']}`]({ERRORS}#{example['code']})" for example in examples)

    def _shown(self, operation):
        """An example of the successful answer."""
        for status, response in self.document.responses(operation).items():
            content = response.get("content", {}).get("application/json")
            if status.startswith("2") and content:
                example = self.document.examples(content)[0]
                return _fenced("json", json.dumps(example, indent=2, ensure_ascii=False))
        return None

    def _curl(self, operation):
        method = "" if operation.method == "GET" else f"-X {operation.method} "
        words = [f'curl -sS {method}"$API{self._url(operation)}"']
        if not operation.public:
            # From a variable: a token does not belong into a shell's history.
            words.append('-H "Authorization: Bearer $TOKEN"')
        words += [f'-H "{parameter["name"]}: {self._sample(parameter)}"' for parameter in operation.parameters
                  if parameter["in"] == "header" and parameter.get("required")]
        if "application/json" in operation.body:
            example = self.document.examples(operation.body["application/json"])[0]
            words.append('-H "Content-Type: application/json"')
            words.append(f"-d {shlex.quote(json.dumps(example, ensure_ascii=False))}")
        return " \\\n  ".join(words)

    def _url(self, operation):
        given = {parameter["name"]: self._sample(parameter) for parameter in operation.parameters
                 if parameter["in"] == "path"}
        path = re.sub(r"\{([^}]+)\}", lambda found: str(given[found[1]]), operation.path)
        asked = [f"{parameter['name']}={self._sample(parameter)}" for parameter in operation.parameters
                 if parameter["in"] == "query" and parameter.get("required")]
        return path + (f"?{'&'.join(asked)}" if asked else "")

    def _sample(self, parameter):
        if "example" in parameter:
            return parameter["example"]
        schema = self.document.resolve(parameter["schema"])
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("format") == "uuid":
            return "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10"
        return schema.get("example", schema.get("default", f"<{parameter['name']}>"))

    # ------------------------------------------------------------------------------------------------------- objects

    def _schema(self, name, schema):
        yield f"### {name}"
        if "description" in schema:
            yield _in_docs(schema["description"].strip())
        if schema.get("properties"):
            rows = [("field", "what", "")]
            yield _table([*rows, *self._fields(schema, "")])
        elif "enum" in schema:
            yield ", ".join(f"`{value}`" for value in schema["enum"])
        else:
            yield self._named(schema)

    def _fields(self, schema, above):
        for name, said in schema["properties"].items():
            needed = "required" if name in schema.get("required", []) else ""
            yield f"`{above}{name}`", _joined(self._named(said), said.get("description", "")), needed
            inner = said.get("items", said)
            if "properties" in inner:
                yield from self._fields(inner, f"{above}{name}{'[]' if 'items' in said else ''}.")

    def _named(self, schema):
        """A schema in words, as short as a cell of a table."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return f"[{name}](#{anchor(name)})"
        for word in ("oneOf", "anyOf", "allOf"):
            if word in schema:
                return (" and " if word == "allOf" else " or ").join(map(self._named, schema[word]))
        if "enum" in schema:
            return ", ".join(f"`{value}`" for value in schema["enum"])
        if schema.get("type") == "array":
            return f"list of {self._named(schema['items'])}{_range(schema, 'minItems', 'maxItems', ' entries')}"
        if isinstance(schema.get("additionalProperties"), dict):
            return f"{self._named(schema['additionalProperties'])} by name"
        kind = schema.get("type", "anything")
        words = kind + (f" ({schema['format']})" if "format" in schema and kind == "string" else "")
        words += _range(schema, "minimum", "maximum", "")
        words += _range(schema, "minLength", "maxLength", " characters")
        words += " or null" if schema.get("nullable") else ""
        return words + (f", `{schema['default']}` if not given" if "default" in schema else "")


START = """\
The examples take the address from `API` and the id token of [Get tokens](#get-tokens) from `TOKEN`. On a laptop:

```sh
API="$(make -s api-url)"
TOKEN="$(make -s token)"
```"""


def _range(schema, low, high, unit):
    if low in schema and high in schema:
        return f", {schema[low]} to {schema[high]}{unit}"
    if high in schema:
        return f", at most {schema[high]}{unit}"
    return f", at least {schema[low]}{unit}" if low in schema else ""


def _in_docs(text):
    """The file's links begin with docs/; the page lies in that folder."""
    return re.sub(r"`docs/(\w+\.md)`", r"[\1](\1)", text)


def _joined(what, more):
    return ". ".join(part.rstrip(".") for part in (what, " ".join(_in_docs(more).split())) if part)


def anchor(title):
    """The anchor that GitHub makes."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _table(rows):
    head, *body = [[" ".join(str(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])


def _fenced(language, text):
    return f"```{language}\n{text}\n```"


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
