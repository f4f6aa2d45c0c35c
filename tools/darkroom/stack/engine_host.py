"""The engine's process: MiniStack, plus checkpoints of its state (engine_checkpoints.py), room for those who cannot
wait while many photos are developed, passwords as AWS takes them, and connections that only clients close.

The functions used are those of the pinned version. engine.py starts this file by its path, so the files beside it are
imported without a package.
"""
import sys

from engine_checkpoints import Checkpoints
from engine_requests import RequestCounts
from hypercorn.config import Config
from ministack import app as ministack
from ministack.services import cognito, lambda_svc

IDLE_SECONDS = 3600
# Of the processes that LAMBDA_ACCOUNT_CONCURRENCY allows, workers leave so many to the others: ten batches of uploads
# (the queue's maximum concurrency in settings/functions.json) and some calls of the API.
WORKERS = ("-validate", "-resize", "-watermark")
ROOM_FOR_OTHERS = 16


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
