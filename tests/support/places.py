"""Every place of a request that a client fills in, read from api/openapi.yaml, and what stands there: something that
may be another user's, or not. tests/contract/test_places.py fails for a place that is not listed here."""

from dataclasses import dataclass

from darkroom.openapi.document import Document

DOCUMENT = Document()
OPERATIONS = list(DOCUMENT.operations())


@dataclass(frozen=True)
class Place:
    operation: object
    where: str  # path, query, header, body
    name: str  # in a body with its parents: uploads[].album_id

    @property
    def leaf(self):
        return self.name.rpartition(".")[2]

    @property
    def kind(self):
        """What a value there names, or None."""
        return NAMES.get(f"{self.operation.path} {self.leaf}") or NAMES.get(self.leaf)

    def __str__(self):
        return f"{self.operation.said['operationId']}-{self.name}"


# What a value names that may be another user's, have ended, or never have been: tests/e2e/test_foreign.py tries each. A
# name alone counts for every route.
NAMES = {
    "image_id": "image",
    "image_ids[]": "image",
    "ids": "image",
    "album_id": "album",
    "link_id": "link",
    "token": "token",
    "cursor": "cursor",
    "refresh_token": "session",
    "/ops/executions/{name} name": "execution",
    "/ops/executions/{name}/restart name": "execution",
    "owner_id": "owner",
    "user_id": "user",
}

# The same, but tried where the rest of its story is told.
ELSEWHERE = {
    "email": "tests/e2e/test_auth.py::test_r35_sign_in_does_not_tell_who_has_an_account",
    "/auth/verify code": "tests/e2e/test_auth.py::test_r35_a_code_does_not_tell_who_has_an_account",
    "/auth/confirm-forgot-password code":
        "tests/e2e/test_auth.py::test_r35_a_code_does_not_tell_who_has_an_account",
    "password": "tests/e2e/test_auth.py::test_r35_sign_in_does_not_tell_who_has_an_account",
    "Idempotency-Key": "tests/e2e/test_twice.py::test_r38_another_body_or_route_under_the_same_key_is_refused",
    "If-None-Match": "tests/e2e/test_foreign.py::test_r33_who_knows_the_etag_learns_no_more",
    "url": "tests/e2e/test_webhooks.py::test_r36_what_must_not_be_called_is_refused",
}

# Chosen from a list that everybody reads, a measure, or the caller's own words.
OF_NO_ONE = {
    "size", "format", "redirect", "status", "from", "to", "limit", "days", "type", "count", "visibility",
    "content_type", "size_bytes", "sha256", "expires_in_seconds", "filename", "caption", "title", "display_name",
    "new_password", "dry_run", "x", "y", "listed", "since", "if_status", "/ops/queues/{name}/redrive name",
    "/ops/rejected code", "/ops/rerenders recipe", "/ops/rerenders/{name} name", "/ops/rerenders/{name}/stop name",
    "/ops/queues/{name}/redrive code", "older_than_s",
    # Imports are the operators', and name any bucket and any user.
    "/ops/imports/{name} name", "/ops/imports/{name}/stop name", "/ops/imports name", "bucket", "prefix", "owner",
    "after",
}


def places():
    for operation in OPERATIONS:
        for said in operation.parameters:
            yield Place(operation, said["in"], said["name"])
        for content in operation.body.values():
            for name in _leaves(content["schema"], ""):
                yield Place(operation, "body", name)


def _leaves(schema, name):
    """The places of a body where a plain value stands."""
    schema = DOCUMENT.resolve(schema)
    if schema["type"] == "array":
        yield from _leaves(schema["items"], f"{name}[]")
    elif schema["type"] == "object":
        for key, inner in schema["properties"].items():
            yield from _leaves(inner, f"{name}.{key}" if name else key)
    else:
        yield name


def listed_as(place):
    """The lists above that hold the place; it must be one."""
    keys = {place.leaf, f"{place.operation.path} {place.leaf}"}
    return [name for name, known in (("NAMES", NAMES), ("ELSEWHERE", ELSEWHERE), ("OF_NO_ONE", OF_NO_ONE))
            if keys & set(known)]
