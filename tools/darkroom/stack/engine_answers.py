"""Holds back answers that Terraform's provider would lose.

Go's HTTP client closes a connection whose answer arrives before it has done with the request's body: the body's last
byte is on its way then, but the goroutine that wrote it has not run on. The AWS SDK sees a broken connection and sends
the request again, and what the first one created exists already: `CreateResource` answers 409. It happened to one
request in some hundreds, all of them answered within 1.2 ms of their body. AWS is never so near.
https://github.com/aws/aws-sdk-go-v2/issues/2737
"""
import asyncio
import time

OF_THE_SDK = b"aws-sdk-go"
SECONDS = 0.02  # a busy machine may take this long to let a goroutine run on


class HeldAnswers:
    """An ASGI wrapper."""

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or OF_THE_SDK not in dict(scope["headers"]).get(b"user-agent", b""):
            await self._application(scope, receive, send)
            return
        body_was_read_at = None

        async def receive_and_remember():
            nonlocal body_was_read_at
            message = await receive()
            if message.get("body"):
                body_was_read_at = time.monotonic()
            return message

        async def send_later(message):
            if message["type"] == "http.response.start" and body_was_read_at is not None:
                await asyncio.sleep(body_was_read_at + SECONDS - time.monotonic())
            await send(message)

        await self._application(scope, receive_and_remember, send_later)
