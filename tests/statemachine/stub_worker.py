"""A worker as the tests need it: it fails as often as the photo's script says, and then answers as the real one does,
at the largest size that the real one may reach. It is a `bootstrap` that speaks Lambda's runtime interface, as the real
workers are, so that an error travels the same way. It runs inside the engine and knows of the tests just a folder."""

import json
import os
import pathlib
import time
import urllib.request

VARIANTS = ["thumbnail", "small", "medium", "large"]


class Failure(Exception):
    """An error with a name of its own."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


def handler(order):
    stage, folder = os.environ["STAGE"], pathlib.Path(os.environ["SCRIPTS"])
    image_id = order.get("image_id") or order.get("photo", {}).get("image_id") or order["rerender"]
    calls = folder / f"{image_id}.{stage}.calls"
    with calls.open("a") as log:
        log.write(json.dumps(order) + "\n")
    attempt = len(calls.read_text().splitlines()) - 1
    script = json.loads((folder / f"{image_id}.script.json").read_text()).get(stage, [])
    if attempt < len(script) and script[attempt] == "hang":
        time.sleep(4)
    elif attempt < len(script):
        raise Failure(script[attempt], f"{script[attempt]} in {stage}")
    if stage == "rerender":
        return {"list": listed, "visit": visited, "discard": lambda _: {"removed": True}}[order["step"]](order)
    if order["stage"] != stage:
        raise Failure("Worker.BadInput", f"{stage} was handed an order for {order['stage']}")
    return {"validate": validated, "resize": developed, "watermark": finished}[stage](order)


def listed(order):
    """Two pages, by two calls; the test has written them."""
    pages = order["list"]["pages"] + 1
    return order | {"list": order["list"] | {"pages": pages, "is_done": pages == 2}}


def visited(order):
    """As the real function, for a photo of another recipe, or for one that is passed over."""
    photo = order["photo"]
    script = pathlib.Path(os.environ["SCRIPTS"], f"{photo['image_id']}.script.json")
    if json.loads(script.read_text()).get("pass"):
        return {"do": "pass", "why": "the photo is of this recipe", "order": None}
    source = {"bucket": "originals", "key": "imports/" + "x" * 1016, "version_id": "version-1", "size_bytes": 4_812_345}
    return {"do": "render", "why": "", "order": validated(photo | {"source": source | {"sequencer": "00"}})}


def validated(order):
    image = {"format": "jpeg", "width": 4032, "height": 3024, "orientation": 6, "bytes": 4812345}
    return order | {"stage": "resize", "image": image | {"camera": "x" * 128, "taken_at": "2026-01-02T03:04:05"}}


def developed(order):
    facts = {"sha256": "0" * 64, "thumbhash": "A" * 36, "dominant_color": "#a0b1c2", "phash": "f" * 16}
    return order | {"stage": "watermark", "work_key": f"work/{order['image_id']}/0123456789abcdef", "facts": facts}


def finished(order):
    variants = {
        name: {
            "key": f"variants/{order['image_id']}/0123456789abcdef/{name}.jpg",
            "width": 2048,
            "height": 1536,
            "bytes": 612345,
            "content_type": "image/jpeg",
        }
        for name in VARIANTS
    }
    record = {"source": attribute(order["image"]), "facts": attribute(order["facts"]), "variants": attribute(variants)}
    return {key: order[key] for key in ("image_id", "owner_id", "source")} | {"stage": "publish", "record": record}


def attribute(value):
    """As DynamoDB spells it."""
    if isinstance(value, dict):
        return {"M": {key: attribute(inner) for key, inner in value.items()}}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def serve(handler):
    """Lambda's runtime interface: take the next order, post the answer or the error, for ever."""
    base = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
    while True:
        with urllib.request.urlopen(f"{base}/next") as invocation:
            request_id, order = invocation.headers["Lambda-Runtime-Aws-Request-Id"], json.load(invocation)
        kind, headers = "response", {}
        try:
            answer = handler(order)
        except Failure as failure:
            answer = {"errorType": failure.name, "errorMessage": str(failure)}
            kind, headers = "error", {"Lambda-Runtime-Function-Error-Type": failure.name}
        post = urllib.request.Request(f"{base}/{request_id}/{kind}", json.dumps(answer).encode(), headers)
        urllib.request.urlopen(post).close()


if __name__ == "__main__":
    serve(handler)
