"""Measures a handler alone: the same binary that AWS runs, driven through a Lambda runtime API of our own with events
as API Gateway makes them, and with a DynamoDB that answers at once. The time is that of our code, the SDK and signing,
without gateway, network and table.

    make bench-api                  the release binaries, 2,000 events each; EVENTS=500 for fewer
"""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Queue
from statistics import quantiles

ROOT = Path(__file__).resolve().parents[2]
EVENTS, WARM_UP = int(os.environ.get("EVENTS") or 2000), 50
OWNER, IMAGE, CLIENT = "3f1c2b6a-0d2e-4a57-9d3a-5b1f6c7d8e9f", "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10", "client"
SETTINGS = json.loads((ROOT / "settings/functions.json").read_text(encoding="utf-8"))["functions"]


def event(method, resource, *, path=None, body=None, signed_in=True, headers=None):
    claims = {"sub": OWNER, "token_use": "id", "aud": CLIENT}
    headers = {"Content-Type": "application/json"} | (headers or {})
    return {
        "resource": resource, "path": resource, "httpMethod": method, "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None, "multiValueQueryStringParameters": None, "pathParameters": path,
        "stageVariables": None, "body": json.dumps(body) if body else None, "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": method, "requestId": "request", "requestTimeEpoch": 1_769_860_807_250,
            "resourcePath": resource, "identity": {"sourceIp": "192.0.2.1"},
            **({"authorizer": {"claims": claims}} if signed_in else {}),
        },
    }


# What DynamoDB has of a photo that is ready, as it answers GetItem.
RECORD = {
    "pk": {"S": f"USER#{OWNER}"}, "sk": {"S": f"IMAGE#{IMAGE}"}, "image_id": {"S": IMAGE}, "owner_id": {"S": OWNER},
    "status": {"S": "ready"}, "filename": {"S": "photo.jpg"}, "object_key": {"S": f"uploads/{OWNER}/{IMAGE}"},
    "created_at": {"S": "2026-01-31T12:00:00Z"}, "updated_at": {"S": "2026-01-31T12:00:07Z"},
    "variants": {"M": {
        name: {"M": {"key": {"S": f"variants/{IMAGE}/b/{name}.jpg"}, "width": {"N": "768"}, "height": {"N": "1024"},
                     "bytes": {"N": "142336"}, "content_type": {"S": "image/jpeg"}}}
        for name in ("thumbnail", "small", "medium", "large")
    }},
}
WANTED = {"filename": "photo.jpg", "content_type": "image/jpeg", "size_bytes": 4183294}
# Function, event, the status that is right.
CASES = {
    "GET /health": ("meta", event("GET", "/health", signed_in=False), 200),
    "GET /openapi.json": ("meta", event("GET", "/openapi.json", signed_in=False), 200),
    "POST /upload": ("upload", event("POST", "/upload", body=WANTED), 201),
    "GET /image/{image_id}, four links": ("images", event("GET", "/image/{image_id}", path={"image_id": IMAGE}), 200),
    "GET /image/{image_id}, no token": (
        "images", event("GET", "/image/{image_id}", path={"image_id": IMAGE}, signed_in=False), 401),
}


class Service(http.server.ThreadingHTTPServer):
    """The runtime API and the table, in one."""

    daemon_threads = True

    def __init__(self, handler=None):
        super().__init__(("127.0.0.1", 0), handler or Handler)
        self.waiting, self.answers = Queue(), Queue()

    def handle_error(self, request, client_address):
        """Silent: the process is killed while it waits for the next event."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        body = self.server.waiting.get()
        self.server.handed_out = time.perf_counter()
        self._send(body, {"Lambda-Runtime-Aws-Request-Id": "invocation", "Lambda-Runtime-Deadline-Ms": "9999999999999",
                          "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:111122223333:function:f"})

    def do_POST(self):
        arrived = time.perf_counter()
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        if self.path == "/":  # the table
            wanted = self.headers["x-amz-target"].rsplit(".", 1)[1]
            return self._send(json.dumps({"Item": RECORD} if wanted == "GetItem" else {}).encode(), {})
        self.server.answers.put((arrived - self.server.handed_out, body))
        return self._send(b"{}", {})

    def _send(self, body, headers, status=200):
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def environment(service, function):
    address = f"127.0.0.1:{service.server_address[1]}"
    values = {name: "value" for name in SETTINGS[function]["environment"]}
    return values | {
        "USER_POOL_CLIENT_ID": CLIENT, "AWS_LAMBDA_RUNTIME_API": address, "AWS_ENDPOINT_URL": f"http://{address}",
        "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_LAMBDA_FUNCTION_NAME": function, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_LOG_STREAM_NAME": "log", "AWS_LAMBDA_LOG_GROUP_NAME": "log",
    }


def measured(binary, function, asked, status):
    """Milliseconds: of the first event, with the start of the process; and of each of the others behind the warm-up."""
    service = Service()
    threading.Thread(target=service.serve_forever, daemon=True).start()
    body = json.dumps(asked).encode()
    began = time.perf_counter()
    process = subprocess.Popen([binary], env=environment(service, function), stdout=subprocess.DEVNULL)
    times = []
    try:
        for number in range(EVENTS + WARM_UP):
            service.waiting.put(body)
            took, answer = service.answers.get(timeout=30)
            if number == 0:
                start = time.perf_counter() - began
            said = json.loads(answer)
            assert said["statusCode"] == status, said
            times.append(took * 1000)
    finally:
        process.kill()
        process.wait()
        service.shutdown()
        service.server_close()
    return start * 1000, times[WARM_UP:]


def main(folder):
    print("| request | p50 ms | p95 ms | p99 ms | first, with the start of the process |")
    print("|---|---|---|---|---|")
    for name, (function, asked, status) in CASES.items():
        start, times = measured(Path(folder) / function, function, asked, status)
        cuts = quantiles(times, n=100)
        print(f"| `{name}` | {cuts[49]:.2f} | {cuts[94]:.2f} | {cuts[98]:.2f} | {start:.0f} |")


if __name__ == "__main__":
    main(sys.argv[1])
