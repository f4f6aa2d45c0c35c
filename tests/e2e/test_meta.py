"""The API's own description and health, which need no sign-in."""

import yaml

from tests.support.client import problem
from tests.support.running_stack import REPOSITORY


def test_health_names_the_build(api):
    answer = api.call("GET", "/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.headers["cache-control"] == "no-store"


def test_the_contract_that_is_served_is_the_file(api):
    answer = api.call("GET", "/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == yaml.safe_load((REPOSITORY / "api/openapi.yaml").read_text(encoding="utf-8"))


def test_r39_who_keeps_the_contract_is_told_so(api):
    first = api.call("GET", "/openapi.json")
    assert "max-age=" in first.headers["cache-control"]
    again = api.call("GET", "/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = api.call("GET", "/openapi.json", headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_nothing_else_is_told(api):
    assert problem(api.call("POST", "/health")) == (404, "Request.NotFound")
