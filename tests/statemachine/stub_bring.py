"""The function `bring` as the tests need it: what an object's key says is what happens to it. It speaks Lambda's
runtime interface, and writes down what it was asked."""

import json
import os
import pathlib

from stub_worker import Failure, serve


def handler(task):
    folder = pathlib.Path(os.environ["SCRIPTS"])
    items = task.get("Items") or ([task] if "object" in task else [])
    keys = [item["object"]["Key"] for item in items] or task["objects"]
    calls = folder / f"{keys[0].partition('/')[0]}.calls"
    before = calls.read_text() if calls.exists() else ""
    with calls.open("a") as log:
        log.write(json.dumps(task) + "\n")
    for key in keys:
        if "denied" in key:
            raise Failure("Worker.Denied", "denied by a test")
        if "flaky" in key and before.count(key) < 2:
            raise Failure("Transient.Storage", "made to fail by a test")
    run = (items[0] if items else task)
    slow = [key for key in keys if "slow" in key and before.count(key) < 1]
    return {"import": run["import"], "run": run["run"], "objects": slow, "waiting": [], "is_done": not slow}


if __name__ == "__main__":
    serve(handler)
