"""The engine's process: MiniStack, plus a checkpoint of its state every few seconds while something happens, room
for those who cannot wait while many photos are developed, passwords as AWS takes them, and connections that only
clients close.

MiniStack writes its state only when it is stopped properly, so a crash, a kill or a flat battery would lose every
user and record since the last `make up`. This asks it for the same snapshot while it runs. The functions used are
those of the pinned version; engine.py starts this file, nobody else does.
"""
import asyncio
import logging
import sys
import threading
import time

from engine_requests import RequestCounts  # beside this file, which is started by its path
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core.persistence import save_state
from ministack.services import cognito, lambda_svc

INTERVAL_SECONDS = 10
IDLE_SECONDS = 3600
QUIET = ("/_ministack/", "/_localstack/", "/health")  # looking does not change anything
# Of the processes that LAMBDA_ACCOUNT_CONCURRENCY allows, workers leave so many to the others: ten batches of uploads
# (the queue's maximum concurrency in settings/functions.json) and some calls of the API.
WORKERS = ("-validate", "-resize", "-watermark")
ROOM_FOR_OTHERS = 16

log = logging.getLogger("darkroom.checkpoint")


class Checkpoints:
    """An ASGI wrapper that notices work, and a thread that saves what the work left behind."""

    def __init__(self, application):
        self._application = application
        self._last_request = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="checkpoint")

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            receive = self._ending(receive)
        elif not scope.get("path", "").startswith(QUIET):
            self._last_request = time.monotonic()
        await self._application(scope, receive, send)

    def start(self):
        self._thread.start()

    def _ending(self, receive):
        """On shutdown the engine saves by itself: be out of its way before it begins."""

        async def wrapped():
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._stop.set()
                await asyncio.to_thread(self._thread.join)
            return message

        return wrapped

    def _run(self):
        while not self._stop.wait(INTERVAL_SECONDS):
            # Two intervals: what a request set going (an execution, a queue poll) ends after the request itself.
            if time.monotonic() - self._last_request < 2 * INTERVAL_SECONDS:
                self._save()

    @staticmethod
    def _save():
        for name, get_state in ministack._build_persistence_save_dict().items():
            # The services go on while we copy; a dictionary that grew under us is copied once more.
            for _attempt in range(5):
                try:
                    state = get_state()
                except RuntimeError:
                    time.sleep(0.05)
                    continue
                except Exception as error:  # one service's trouble must not cost the others their checkpoint
                    log.warning("no checkpoint of %s: %s", name, error)
                    break
                if state is not None:
                    save_state(name, state)
                break


def leave_room_for_others():
    """A worker without room is called again by the state machine within seconds. A batch of the queue would wait out
    its visibility timeout of three minutes, and a call of the API would fail. On AWS the functions' reserved
    concurrency sees to that; the engine does not apply it to versions and aliases, which is all that we call."""
    acquire = lambda_svc._acquire_execution_slot
    places = lambda_svc._ACCOUNT_CONCURRENCY_CAP
    for_workers = max(places - ROOM_FOR_OTHERS, places // 2)

    def acquire_unless_crowded(function, config):
        if lambda_svc._inflight_total >= for_workers and config.get("FunctionName", "").endswith(WORKERS):
            return None, "account"
        return acquire(function, config)

    lambda_svc._acquire_execution_slot = acquire_unless_crowded


def allow_simple_passwords():
    """What a password policy does not ask for, Terraform's provider leaves out, and AWS asks for nothing then. The
    engine would ask for it."""
    violations = cognito._password_policy_errors
    not_asked = dict.fromkeys(("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"), False)

    def violations_of_what_is_asked(pool, password):
        policy = not_asked | pool.get("Policies", {}).get("PasswordPolicy", {})
        return violations({"Policies": {"PasswordPolicy": policy}}, password)

    cognito._password_policy_errors = violations_of_what_is_asked


def let_clients_close():
    """MiniStack closes a connection that was idle for 75 seconds, the AWS SDK of Terraform's provider after 90. A
    request that crosses the closing is carried out and never answered. The SDK sends it again, and what it creates
    then exists already: `CreateResource` answers 409. A server that waits longer than every client never meets that."""
    Config.keep_alive_timeout = property(lambda _config: IDLE_SECONDS, lambda _config, _seconds: None)


def main():
    # The engine logs each file it saves; every ten seconds that would bury everything else.
    logging.getLogger("persistence").setLevel(logging.WARNING)
    checkpoints = Checkpoints(ministack.app)
    ministack.app = RequestCounts(checkpoints) if "--count-requests" in sys.argv else checkpoints
    checkpoints.start()
    leave_room_for_others()
    allow_simple_passwords()
    let_clients_close()
    sys.argv = ["ministack"]  # our own arguments only identify the process
    ministack.main()


if __name__ == "__main__":
    main()
