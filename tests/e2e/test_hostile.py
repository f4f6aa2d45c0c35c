"""Requests that are made to break something: bodies of the wrong shape, depth and size, headers that mean something to
other servers, and texts on which a matcher that tries again would take for ever."""

import gzip
import json
import socket
import time
import urllib.parse
from contextlib import closing

import pytest

import tokens
from routes import WITH_BODY, example, request
from tests.support.client import problem
from tests.support.places import places

JSON = {"Content-Type": "application/json"}
# The first of each function: all read their bodies alike (src/runtime/api/request.rs).
BODIES = list({operation.said["x-lambda"]: operation for operation in reversed(WITH_BODY)}.values())


def each(operations):
    return pytest.mark.parametrize("operation", operations, ids=lambda operation: operation.said["operationId"])


def bodies(operation):
    """Label → body, and its headers if they are not those of JSON."""
    fair = example(operation)
    first = next(iter(fair))
    rest = json.dumps({name: said for name, said in fair.items() if name != first})[1:]

    def with_first(value):
        return f'{{"{first}": {value}{"" if rest == "}" else ", "}{rest}'.encode()

    text = json.dumps(fair)
    yield "deep lists", with_first("[" * 10_000 + "]" * 10_000), JSON
    yield "deep objects", with_first('{"a":' * 10_000 + "1" + "}" * 10_000), JSON
    yield "deep and without an end", with_first("[" * 60_000), JSON
    yield "deep in a field that is not known", b'{"surprise":' + b"[" * 10_000 + b"]" * 10_000 + b"}", JSON
    yield "a field twice", with_first(f'{json.dumps(fair[first])}, "{first}": {json.dumps(fair[first])}'), JSON
    yield "a field twice, once in disguise", with_first(
        f'{json.dumps(fair[first])}, "\\u{ord(first[0]):04x}{first[1:]}": {json.dumps(fair[first])}'), JSON
    yield "a number beyond all numbers", with_first("1e400"), JSON
    yield "a number of many digits", with_first("9" * 60_000), JSON
    yield "half a character", with_first(r'"\ud800"'), JSON
    yield "halves in the wrong order", with_first(r'"\udc00\ud800"'), JSON
    yield "a control character", with_first('"a\0b"'), JSON
    yield "NUL, as JSON may have it", with_first(r'"a\u0000b"'), JSON
    yield "not a number", with_first("NaN"), JSON
    yield "a comma too many", text[:-1].encode() + b",}", JSON
    yield "a mark of the byte order", b"\xef\xbb\xbf" + text.encode(), JSON
    yield "bytes that are no text", b"{\xff\xfe" + text.encode()[1:], JSON
    yield "UTF-16", text.encode("utf-16"), JSON
    yield "compressed", gzip.compress(text.encode()), JSON | {"Content-Encoding": "gzip"}
    yield "a form", urllib.parse.urlencode({first: "x"}).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    yield "a form of several parts", text.encode(), {"Content-Type": "multipart/form-data; boundary=x"}
    yield "text", text.encode(), {"Content-Type": "text/plain"}
    yield "JSON by another name", text.encode(), {"Content-Type": "text/json"}
    yield "a megabyte", with_first(f'"{"x" * 1_000_000}"'), JSON


@each(BODIES)
def test_r36_no_body_is_too_odd_to_be_refused(api, olga, operation):
    path, _ = request(operation, {"name": "uploads"})
    for label, body, headers in bodies(operation):
        answer = api.call(operation.method, path, token=olga.id_token, data=body, headers=headers)
        expected = (413, "Request.TooLarge") if label == "a megabyte" else (400, "Request.Invalid")
        assert problem(answer) == expected, label


# -------------------------------------------------------------------------------------------------------------- headers

# Some server, proxy or framework obeys each of them.
OBEYED_ELSEWHERE = {
    "X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "DELETE", "X-Method-Override": "DELETE",
    "X-Original-URL": "/ops/overview", "X-Rewrite-URL": "/ops/overview", "X-Original-Method": "DELETE",
    "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
    "X-Forwarded-Prefix": "/ops", "X-Forwarded-User": "operators", "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;host=evil.example;proto=http", "X-Remote-User": "operators",
    "X-Amzn-Oidc-Identity": "00000000-0000-4000-8000-000000000000", "X-Amzn-Oidc-Data": "e30.e30.e30",
    "Cognito-Groups": "operators", "X-Amz-Invocation-Type": "Event", "X-Amz-Security-Token": "x",
    "Via": "1.1 evil.example", "Max-Forwards": "0", "Range": "bytes=0-1", "Trailer": "Authorization",
    "TE": "trailers", "Cookie": "id_token=x", "Origin": "null", "Referer": "https://evil.example/",
    "Accept": "text/html", "Accept-Encoding": "x", "Accept-Language": "\u00e4", "X": "", "!#$%&'*+-.^_`|~": "x",
}


def test_no_header_changes_who_asks_or_what_for(api, ada):
    plain = api.call("GET", "/me", token=ada.id_token)
    assert plain.json()["user_id"] == ada.owner_id
    for name, value in OBEYED_ELSEWHERE.items():
        answer = api.call("GET", "/me", token=ada.id_token, headers={name: value.encode()})
        assert (answer.status_code, answer.json()) == (200, plain.json()), name


def raw(api, lines, body=b""):
    """The status and all that follows, of a request that no HTTP client would send."""
    to = urllib.parse.urlsplit(api.url)
    head = "\r\n".join([lines[0].replace("@", to.path), *lines[1:], "Connection: close", "", ""])
    with closing(socket.create_connection((to.hostname, to.port), timeout=20)) as connection:
        connection.sendall(head.encode("latin-1") + body)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return int(answer.split()[1]), answer


# After the line of the request and the caller's token. The answer is the caller's, or a refusal: a server that does not
# know an encoding says 501 (RFC 9112).
ODD = {
    "two lengths": ["Content-Length: 0", "Content-Length: 5"],
    "a length and chunks": ["Content-Length: 5", "Transfer-Encoding: chunked"],
    "chunks in disguise": ["Transfer-Encoding: xchunked"],
    "chunks twice": ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    "a space before the colon": ["Transfer-Encoding : chunked"],
    "a line that goes on": ["X-A: b", " Transfer-Encoding: chunked"],
    "a negative length": ["Content-Length: -1"],
    "a length with a sign": ["Content-Length: +0"],
    "another host": ["Host: evil.example"],
    "a name that is none": ["X Y: z"],
    "a name of other letters": ["X-\u00e4: z"],
    "no name": [": z"],
    "a control character": ["X-A: \x01"],
    "NUL": ["X-A: a\0b"],
    "a value that is no UTF-8": ["X-A: \xff\xfe"],
    "many headers": [f"X-{number}: z" for number in range(90)],
    "a long header": [f"X-A: {'z' * 8000}"],
}


@pytest.mark.parametrize("lines", ODD.values(), ids=ODD)
def test_r36_no_header_is_too_odd_to_be_refused(api, ada, lines):
    chunk = b"0\r\n\r\n" if any("chunked" in line for line in lines) else b""
    host = [] if lines[0].startswith("Host:") else [f"Host: {urllib.parse.urlsplit(api.url).netloc}"]
    status, answer = raw(api, ["GET @/me HTTP/1.1", *host, f"Authorization: Bearer {ada.id_token}", *lines], chunk)
    assert (status == 200 and ada.owner_id.encode() in answer) or 400 <= status <= 499 or status == 501, answer[:500]


@pytest.mark.parametrize("good_first", [True, False])
def test_r34_a_forged_token_beside_a_good_one_opens_nothing(api, ada, good_first):
    forged = api.secrets.keep(tokens.forged("another user's name", ada.id_token, None))
    both = [f"Authorization: Bearer {token}" for token in (ada.id_token, forged)]
    host = f"Host: {urllib.parse.urlsplit(api.url).netloc}"
    status, answer = raw(api, ["GET @/me HTTP/1.1", host, *(both if good_first else both[::-1])])
    assert (status == 200 and ada.owner_id.encode() in answer) or status in (400, 401), answer[:500]


# ----------------------------------------------------------------------------------------------------------- slow texts

SECONDS = 10
# A matcher that goes back and tries again needs ages for one of these, and one that looks at each pair needs seconds.
SLOW = [lambda n: "a" * n + "!", lambda n: "a@" + "a." * (n // 2) + "-", lambda n: ",\"\\ " * (n // 4) + "x"]
TEXTS = [place for place in places() if place.where != "header"]


def filled(place, text):
    """The request with this text in this place, as it may be there or not."""
    operation = place.operation
    if place.where == "path":
        return request(operation, {place.name: urllib.parse.quote(text, safe="")})
    if place.where == "query":
        return request(operation, {}, query={place.name: urllib.parse.quote(text, safe="")})
    head, _, inner = place.name.partition(".")
    key, fair = head.removesuffix("[]"), example(operation)
    if inner:
        value = {inner: text} if head == key else [fair[key][0] | {inner: text}]
    else:
        value = text if head == key else [text]
    return request(operation, {}, body={key: value})


@pytest.mark.parametrize("place", TEXTS, ids=str)
def test_r36_no_text_takes_long(api, olga, place):
    token = None if place.operation.public else olga.id_token
    for slow in SLOW:
        path, body = filled(place, slow(60_000 if place.where == "body" else 1_500))
        began = time.monotonic()
        answer = api.call(place.operation.method, path, token=token, **body)
        assert time.monotonic() - began < SECONDS
        assert 400 <= answer.status_code < 500, answer.text
