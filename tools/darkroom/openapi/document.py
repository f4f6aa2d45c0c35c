"""api/openapi.yaml as the tools and tests around it read it: one way to follow a reference, one to list operations."""

from dataclasses import dataclass

import yaml

from darkroom.paths import REPOSITORY

FILE = REPOSITORY / "api/openapi.yaml"
METHODS = ("get", "put", "post", "patch", "delete", "head")  # preflights are derived, not written


@dataclass(frozen=True)
class Operation:
    method: str  # upper case
    path: str
    said: dict  # as in the file
    parameters: list  # the path's and its own, references followed
    public: bool

    @property
    def name(self):
        return f"{self.method} {self.path}"

    @property
    def body(self):
        """Media type → its node in the file."""
        return self.said.get("requestBody", {}).get("content", {})


class Document:
    def __init__(self, spec=None):
        self.spec = spec or yaml.safe_load(FILE.read_text(encoding="utf-8"))

    @property
    def schemas(self):
        return self.spec["components"]["schemas"]

    def resolve(self, node):
        """The node, with its reference followed."""
        while "$ref" in node:
            target = self.spec
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def operations(self):
        """Every operation, in the order of the file."""
        for path, item in self.spec["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, item, method)

    def responses(self, operation):
        """Status → its node in the file, references followed."""
        return {str(status): self.resolve(said) for status, said in operation.said["responses"].items()}

    def examples(self, content):
        """The examples of one media type."""
        found = [content["example"]] if "example" in content else []
        return found + [self.resolve(example)["value"] for example in content.get("examples", {}).values()]

    def _operation(self, path, item, method):
        said = item[method]
        parameters = [self.resolve(parameter) for parameter in item.get("parameters", []) + said.get("parameters", [])]
        public = not said.get("security", self.spec.get("security", []))
        return Operation(method.upper(), path, said, parameters, public)
