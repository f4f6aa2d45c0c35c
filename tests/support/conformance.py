"""Is an answer of the API one that api/openapi.yaml describes? The end-to-end tests ask this of every answer they get,
so that whatever they try also checks the contract."""

import functools
import re

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from darkroom.openapi.document import Document

# Headers that a client acts upon: they come only where the file speaks of them.
TOLD = {"content-disposition", "etag", "location", "retry-after"}


class Conformance:
    def __init__(self, document=None):
        self.document = document or Document()
        # /images/public is not an image: paths without parameters go first.
        operations = sorted(self.document.operations(), key=lambda operation: operation.path.count("{"))
        self._routes = [(re.compile(_pattern(operation.path)), operation) for operation in operations]
        self.seen = set()  # (operation, status) that some answer has shown

    def faults(self, method, path, answer):
        """Sentences about each difference from the file, in the answer to the request itself and not in the target of a
        redirect. `answer` is one of the HTTP client `requests`."""
        answer = (answer.history or [answer])[0]
        path = path.partition("?")[0]
        operation = self._find(method, path)
        if method == "OPTIONS" and self._known(path):
            return self._of_a_preflight(answer)
        if operation is None:
            return self._of_no_route(answer)
        responses, status = self.document.responses(operation), str(answer.status_code)
        # `default` is for errors that are not the client's fault; a client's mistakes are each described.
        described = responses.get(status) or (responses.get("default") if answer.status_code >= 500 else None)
        if described is None:
            return [f"{operation.name} answers {status}, which the file does not know"]
        self.seen.add((operation.name, status))
        where = f"{operation.name} {status}"
        return [f"{where}: {fault}" for fault in (*self._headers(described, answer), *self._body(described, answer))]

    def _find(self, method, path):
        return next((found for rule, found in self._routes if found.method == method and rule.fullmatch(path)), None)

    def _known(self, path):
        return any(rule.fullmatch(path) for rule, _ in self._routes)

    @staticmethod
    def _of_a_preflight(answer):
        """Every path has one, for browsers only, and the file does not repeat it."""
        return [] if answer.status_code == 204 and not answer.content else ["a preflight answers 204 and nothing else"]

    def _of_no_route(self, answer):
        if answer.status_code != 404:
            return [f"a route that the file does not know answers {answer.status_code}"]
        return self._body(self.document.resolve(self.document.spec["components"]["responses"]["NotFound"]), answer)

    def _headers(self, described, answer):
        headers = {name.lower(): self.document.resolve(said) for name, said in described.get("headers", {}).items()}
        for name, said in headers.items():
            value = answer.headers.get(name)
            if value is None:
                if said.get("required"):
                    yield f"the header {name} is missing"
            elif said["schema"].get("type") == "integer" and not value.isdecimal():
                yield f"the header {name} is not a number"
            else:
                sent = int(value) if said["schema"].get("type") == "integer" else value
                yield from (f"the header {name}: {why}" for why in self._against(said["schema"], sent))
        for name in TOLD - headers.keys():
            if name in answer.headers:
                yield f"the file does not speak of the header {name}"

    def _body(self, described, answer):
        content = described.get("content", {})
        if not content:
            return ["a body, and the file knows none"] if answer.content else []
        media = answer.headers.get("content-type", "none").split(";")[0]
        if media not in content:
            return [f"the file does not know the media type {media}"]
        if media.endswith("json"):
            return self._against(content[media]["schema"], answer.json())
        return []

    def _against(self, schema, value):
        validator = self._named(schema["$ref"]) if list(schema) == ["$ref"] else self._validator(schema)
        return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]

    @functools.cache  # noqa: B019 - one object for a whole run
    def _named(self, reference):
        return self._validator({"$ref": reference})

    def _validator(self, schema):
        # With the components at hand, so that references find their targets.
        schema = {"allOf": [schema], "components": self.document.spec["components"]}
        return OAS30Validator(schema, format_checker=oas30_format_checker)


def _pattern(path):
    return re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))
