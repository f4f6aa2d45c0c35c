"""Records the requests of Terraform's provider, for tests/terraform/test_deployer.py to compare with the policy.

Each request of the provider is a line: the service that it was signed for, the operation, the path, and the parameters
that can name a resource. What the engine answers does not matter, since AWS asks for the permission before it looks.
"""
import functools
import json
import os
import re
from urllib.parse import parse_qsl, unquote

from ministack import app as ministack
from ministack.core import iam_actions

SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request")
CBOR = re.compile(r"/operation/(\w+)$")
S3_CONTROL = "/v20180820/"
LONGEST = 300  # of a parameter: an ARN is shorter, a policy longer
BY_ROUTE = ("cloudfront", "lambda")


def record_if_asked():
    if file := os.environ.get("DARKROOM_CALLS"):
        ministack.app = recording(ministack.app, f"{file.removesuffix('.jsonl')}-provider.jsonl")


def recording(application, file):
    """An ASGI wrapper that writes each kind of request once."""
    seen = set()

    async def record(scope, receive, send):
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        if "terraform-provider-aws" not in headers.get("user-agent", "").lower():
            await application(scope, receive, send)
            return
        messages, body = [], b""
        while not messages or messages[-1].get("more_body"):
            messages.append(await receive())
            body += messages[-1].get("body", b"")
        line = json.dumps(request_of(scope, headers, body), sort_keys=True) + "\n"
        if line not in seen:
            seen.add(line)
            with open(file, "a", encoding="utf-8") as requests:
                requests.write(line)

        async def again():
            return messages.pop(0) if messages else await receive()

        await application(scope, again, send)

    return record


def request_of(scope, headers, body):
    method, path = scope["method"], unquote(scope["path"])
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
    service = (SIGNED_FOR.search(headers.get("authorization", "")) or ["", "unsigned"])[1]
    form = dict(parse_qsl(body.decode("utf-8", "replace"))) if "urlencoded" in headers.get("content-type", "") else {}
    return {
        "service": service,
        "operation": operation(service, method, path, query | form, headers),
        "path": path if path != "/" else "",
        "parameters": named(dict(arns(given := in_json(headers, body))) | query | form | given),
    }


def operation(service, method, path, given, headers):
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    if found := CBOR.search(path):
        return found[1]
    if action := given.get("Action"):
        return action
    if service == "s3" and path.startswith(S3_CONTROL):
        return by_route("s3control", method, path, given)
    if service == "s3":
        return iam_actions._s3_action(method, path, given)
    if service in BY_ROUTE:
        return by_route(service, method, path, given)
    return method  # apigateway's actions are verbs; of any other service a test asks what it is


def by_route(service, method, path, given):
    """The operation of the SDK whose path fits best."""
    fitting = [(literal, name) for verb, pattern, name, literal, query in routes(service)
               if verb == method and pattern.match(path) and query.items() <= given.items()]
    return max(fitting, default=(0, method))[1]


@functools.cache
def routes(service):
    return iam_actions._load_botocore_routes(service)


def in_json(headers, body):
    if "json" not in headers.get("content-type", ""):
        return {}
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def arns(given):
    """ARNs that stand deeper, such as that of the machine behind an alias, by the name that they have there."""
    for each in given if isinstance(given, list) else given.values():
        if isinstance(each, (dict, list)):
            yield from arns(each)
    if isinstance(given, dict):
        yield from ((name, value) for name, value in given.items()
                    if isinstance(value, str) and value.startswith("arn:"))


def named(given):
    """What is short, and lists of what is short."""
    flat = {name: ",".join(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value
            for name, value in given.items()}
    return {name: value for name, value in flat.items()
            if isinstance(value, str) and len(value) <= LONGEST and name not in ("Action", "Version", "ClientToken")}
