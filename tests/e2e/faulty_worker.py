"""The bootstrap that stands in for a worker's own while a test wants it to fail. It is in the same archive as the
real one: after the wanted number of failures it becomes it, before it has taken the next invocation. Its failures are
counted in a file, since Lambda may end and start it as it likes, and run several beside each other. The three names
below are filled in by faults.py."""

import fcntl
import json
import os
import pathlib
import urllib.request

FAILURES = pathlib.Path(COUNT_FILE)  # noqa: F821
# As the worker itself says it.
RELEASE = f"{os.environ['AWS_LAMBDA_FUNCTION_NAME']}:{os.environ['AWS_LAMBDA_FUNCTION_VERSION']}"
REAL = pathlib.Path(__file__).resolve().parent / "real"
BASE = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def claim():
    """Counts a failure before there is an invocation to fail: two that asked first and counted later would both fail,
    where one is wanted."""
    with FAILURES.open("a") as count:
        fcntl.flock(count, fcntl.LOCK_EX)
        wanted = count.tell() < TIMES  # noqa: F821
        count.write("x" * wanted)
    return wanted


while claim():
    with urllib.request.urlopen(f"{BASE}/next") as invocation:
        request_id = invocation.headers["Lambda-Runtime-Aws-Request-Id"]
    error = {"errorType": ERROR, "errorMessage": f"made to fail by a test\nrelease: {RELEASE}"}  # noqa: F821
    headers = {"Lambda-Runtime-Function-Error-Type": ERROR}  # noqa: F821
    answer = urllib.request.Request(f"{BASE}/{request_id}/error", json.dumps(error).encode(), headers)
    urllib.request.urlopen(answer).close()

os.execv(REAL, [str(REAL)])
