"""The code that a function has until its first deployment, run against a Lambda runtime API of the test's own."""

import json
import os
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import rendered

BOOTSTRAP = rendered.ROOT / "terraform/modules/functions/placeholder/bootstrap"
TEST_MESSAGE = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-01-31T12:00:00.000Z", "Bucket": "b"}
PHOTO = {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "a/s3%3ATestEvent"}}}]}


def batch(*bodies, **layout):
    records = [{"messageId": str(number), "body": json.dumps(body, **layout)} for number, body in enumerate(bodies)]
    return {"Records": records}


def answered(event):
    """(response | error, the document), as the placeholder answers one event."""
    answers = []
    done = threading.Event()

    class Runtime(BaseHTTPRequestHandler):
        def do_GET(self):
            if answers:
                done.wait()  # as Lambda, which has no next event for a while
            body = json.dumps(event).encode()
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            answers.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            done.set()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Runtime) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}", "PATH": os.environ["PATH"]}
        placeholder = subprocess.Popen(["sh", BOOTSTRAP], env=environment, start_new_session=True)
        try:
            assert done.wait(20)
        finally:
            os.killpg(placeholder.pid, signal.SIGKILL)
            placeholder.wait()
            server.shutdown()
    path, document = answers[0]
    prefix, _, route = path.rpartition("/")
    assert prefix == "/2018-06-01/runtime/invocation/request-1"
    return route, document


@pytest.mark.parametrize("layout", [{"separators": (",", ":")}, {}])
def test_the_test_message_of_s3_is_acknowledged(layout):
    assert answered(batch(TEST_MESSAGE, **layout)) == ("response", {"batchItemFailures": []})


def test_the_call_of_a_clock_is_acknowledged():
    """As an error it would ring the alarm each quarter of an hour, though the next call does the same work."""
    clock = {"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}
    assert answered(clock)[0] == "response"


@pytest.mark.parametrize("event", [
    {"body": '{"detail-type": "Scheduled Event", "source": "aws.events"}'},
    batch(PHOTO), batch(TEST_MESSAGE, PHOTO), batch(PHOTO, TEST_MESSAGE), {"body": "s3:TestEvent"}, {},
])
def test_anything_else_is_refused_with_the_reason(event):
    route, document = answered(event)
    assert (route, document["errorType"]) == ("error", "Placeholder.NotDeployed")
