"""Records the AWS calls of the functions, which tests/terraform/test_calls.py compares with the policies of AWS.

The engine asks its evaluator about each call before it answers the call. This notes the calls that the evaluator
allows, and writes each down when the answer is a success: the caller, the action, the resource, the condition keys.
Objects and prefixes are reduced to their folder, because no policy looks further.
"""
import contextvars
import json
import os
import re
from dataclasses import dataclass, field

from ministack import app as ministack
from ministack.core import iam_actions, iam_evaluator

ENCRYPTION = ("x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id")
KEYS = {"s3:prefix", "s3:x-amz-acl", *(f"s3:{header}" for header in ENCRYPTION)}
OF_LINKS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")
FOLDER = re.compile(r"^((?:arn:aws:s3:::[^/]+/)?[^/]+/).+")


@dataclass
class Request:
    headers: dict
    calls: list = field(default_factory=list)


current: contextvars.ContextVar[Request | None] = contextvars.ContextVar("darkroom_request", default=None)


def record_if_asked():
    if file := os.environ.get("DARKROOM_CALLS"):
        iam_evaluator.enforce = noting(iam_evaluator.enforce)
        ministack.app = recording(ministack.app, file)


def recording(application, file):
    """An ASGI wrapper that writes each kind of call once."""
    seen = set()

    async def record(scope, receive, send):
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        request = Request(headers)
        current.set(request)

        async def answer(message):
            if message["type"] == "http.response.start" and message["status"] < 400:
                new = [line for line in dict.fromkeys(request.calls) if line not in seen]
                seen.update(new)
                with open(file, "a", encoding="utf-8") as calls:
                    calls.writelines(new)
            await send(message)

        await application(scope, receive, answer)

    return record


def noting(enforce):
    def enforce_and_note(access_key, action, service, region, resource_arn="*", service_context=None):
        request = current.get()
        # Asked first, because the evaluator forgets the request once it has checked the signature.
        line = line_of(request, access_key, action, resource_arn, service_context or {}) if request else None
        refused = enforce(access_key, action, service, region, resource_arn, service_context)
        if request and refused is None:
            request.calls.append(line)
        return refused

    return enforce_and_note


def line_of(request, access_key, action, resource_arn, context):
    encrypted = {f"s3:{name}": request.headers[name] for name in ENCRYPTION
                 if action == "s3:PutObject" and name in request.headers}
    keys = {name: FOLDER.sub(r"\1*", value) if name == "s3:prefix" else value
            for name, value in sorted((context | encrypted).items()) if name in KEYS}
    return json.dumps({
        "caller": (iam_evaluator.resolve_caller_identity(access_key) or {}).get("userArn", ""),
        "action": "s3:DeleteObjectVersion" if names_a_version(action) else action,
        "resource": FOLDER.sub(r"\1*", resource_arn) if resource_arn.startswith("arn:aws:s3:::") else resource_arn,
        "keys": keys,
        # A link or a form, which a client follows: its signature is in the address or in a field.
        "link": action in OF_LINKS and "authorization" not in request.headers,
    }) + "\n"


def names_a_version(action):
    """The engine takes the first of many deletions for one without a version, whatever it names."""
    signed = iam_evaluator._signed_request.get()
    if action != "s3:DeleteObject" or not signed or "delete" not in signed.query_params:
        return False
    return any(version for _, version in iam_actions._s3_batch_delete_targets("any", signed.body)[:1])
