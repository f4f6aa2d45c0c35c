"""A user's server on this machine, which is called by webhooks."""

import contextlib
import http.server
import json
import threading
import time

from tests.support.waiting import until


class Receiver:
    """Answers each request by `answer(number of earlier requests)`: a status, or a status and headers. Keeps the
    requests."""

    def __init__(self, answer):
        self.answer, self.seen = answer, []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                number = len(receiver.seen)
                receiver.seen.append(Letter(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answered = receiver.answer(number)
                status, headers = answered if isinstance(answered, tuple) else (answered, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?key=in-the-query"

    def about(self, image_id):
        return [letter for letter in self.seen if letter.event["detail"].get("image_id") == image_id]

    def wait(self, image_id, count=1, seconds=30):
        """The first events about this image, once there are so many."""

        def there():
            found = self.about(image_id)
            return found if len(found) >= count else None

        return until(there, f"{count} calls about {image_id}", seconds)


class Letter:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body, self.at = path, headers, body, time.monotonic()

    @property
    def event(self):
        return json.loads(self.body)

    @property
    def id(self):
        return self.headers["webhook-id"]


@contextlib.contextmanager
def receiver(answer=lambda number: 204):
    """A receiver that runs until the block ends."""
    one = Receiver(answer)
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        one.server.shutdown()
        one.server.server_close()
        thread.join()
