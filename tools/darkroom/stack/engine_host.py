"""The engine's process: MiniStack, plus checkpoints of its state (engine_checkpoints.py), answers that are not too fast
(engine_answers.py), calls that have all of their lines (engine_output.py), and what each function below says: places
for workers, passwords as AWS takes them, the secret of Cognito's client and the time of a sign-in as AWS has them,
connections that only clients close, permissions that are given twice, ranges of versions, streams that go on and
functions that become ready after a start, permissions for Map Runs, and events that reach functions at once.

The functions used are those of the pinned version. engine.py starts this file by its path, so the files beside it are
imported without a package.
"""
import contextvars
import os
import socketserver
import sys
import threading

from engine_answers import HeldAnswers
from engine_checkpoints import Checkpoints
from engine_faults import Faults
from engine_output import give_each_call_its_lines
from engine_requests import RequestCounts
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core import iam_actions
from ministack.services import cognito, lambda_svc, s3
from provider_recorder import record_if_asked as record_provider_if_asked
from recorder import record_if_asked

IDLE_SECONDS = 3600
# Of the processes that LAMBDA_ACCOUNT_CONCURRENCY allows, workers leave so many to the others: two batches of uploads,
# ten of webhooks (the maximum concurrency of the queues' mappings) and some calls of the API.
WORKERS = ("-validate", "-resize", "-watermark")
ROOM_FOR_OTHERS = 18
# Workers are busy with pixels or wait for the engine: more of them than this add processes and no speed.
WORKERS_FOR_EACH_CORE = 4
# A state's timeout is 15 s longer than its function's, the difference is what a worker may wait.
WAIT_SECONDS = 10


def leave_room_for_others():
    """A batch of the queue without room would wait out its visibility timeout of four minutes, and a call of the API
    would fail. On AWS the functions' reserved concurrency sees to that; the engine does not apply it to versions and
    aliases, which is all that we call. So workers have places of their own. A worker without one waits a little, which
    costs less than a refusal and a state machine that asks again after seconds, and is refused then."""
    acquire, release = lambda_svc._acquire_execution_slot, lambda_svc._release_execution_slot
    workers = min(max(lambda_svc._ACCOUNT_CONCURRENCY_CAP - ROOM_FOR_OTHERS, 2), WORKERS_FOR_EACH_CORE * os.cpu_count())
    places = threading.BoundedSemaphore(workers)

    def acquire_in_turn(function, config):
        is_worker = config.get("FunctionName", "").endswith(WORKERS)
        if is_worker and not places.acquire(timeout=WAIT_SECONDS):
            return None, "account"
        slot, limit = acquire(function, config)
        if is_worker and slot is None:
            places.release()
        return slot, limit

    def release_in_turn(slot):
        release(slot)
        if slot and slot.endswith(WORKERS):
            places.release()

    lambda_svc._acquire_execution_slot, lambda_svc._release_execution_slot = acquire_in_turn, release_in_turn


def allow_simple_passwords():
    """What a password policy does not ask for, Terraform's provider leaves out, and AWS asks for nothing then. The
    engine would ask for it."""
    violations = cognito._password_policy_errors
    not_asked = dict.fromkeys(("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"), False)

    def violations_of_what_is_asked(pool, password):
        policy = not_asked | pool.get("Policies", {}).get("PasswordPolicy", {})
        return violations({"Policies": {"PasswordPolicy": policy}}, password)

    cognito._password_policy_errors = violations_of_what_is_asked


def ask_for_the_clients_secret():
    """These two calls know the user by a token, so AWS takes the secret itself and no hash. The engine takes none."""
    verify = cognito._validate_client_secret_hash
    refusals = {"GetTokensFromRefreshToken": "NotAuthorizedException", "RevokeToken": "UnauthorizedException"}

    def verify_secrets_too(action, data):
        client_id = data.get("ClientId")
        if action in refusals and (pool := cognito._pool_for_client(client_id)[0]):
            secret = pool["_clients"][client_id].get("ClientSecret")
            if secret and data.get("ClientSecret") != secret:
                return cognito.error_response_json(refusals[action], "Invalid client secret", 400)
        return verify(action, data)

    cognito._validate_client_secret_hash = verify_secrets_too


def keep_the_time_of_sign_in():
    """In a token that a refresh token bought, `auth_time` is when its user signed in. The engine writes when it was
    bought."""
    refresh, sign = cognito._refresh_auth_result, cognito._signed_jwt
    signed_in_at = contextvars.ContextVar("signed_in_at", default=None)

    def refresh_and_remember(pool, pool_id, client_id, token):
        before = signed_in_at.set(cognito._token_claims(token).get("iat"))
        try:
            return refresh(pool, pool_id, client_id, token)
        finally:
            signed_in_at.reset(before)

    def sign_as_of_then(claims, *more):
        at = signed_in_at.get()
        return sign(claims | {"auth_time": at} if at and "auth_time" in claims else claims, *more)

    cognito._refresh_auth_result, cognito._signed_jwt = refresh_and_remember, sign_as_of_then


def let_clients_close():
    """MiniStack closes a connection that was idle for 75 seconds, the AWS SDK of Terraform's provider after 90. A
    request that crosses the closing is carried out and never answered. The SDK sends it again, and what it creates
    then exists already: `CreateResource` answers 409. A server that waits longer than every client never meets that."""
    Config.keep_alive_timeout = property(lambda _config: IDLE_SECONDS, lambda _config, _seconds: None)


def take_the_same_permission_again():
    """A request whose answer was lost is sent again. The engine, as AWS, answers 409 to a statement that is there. The
    provider of Terraform takes that for a conflict that passes, and tries for five minutes. Here the same statement
    again is no conflict."""
    add = lambda_svc._add_permission

    def add_or_find(function, data, *more):
        answer = add(function, data, *more)
        if answer[0] != 409:
            return answer
        statements = lambda_svc._functions[function]["policy"]["Statement"]
        before = list(statements)
        there = next(statement for statement in before if statement["Sid"] == data["StatementId"])
        statements.remove(there)
        again = add(function, data, *more)
        if again[0] == 201 and statements[-1] == there:
            return again
        statements[:] = before
        return answer

    lambda_svc._add_permission = add_or_find


def answer_ranges_of_versions():
    """The engine answers a request for a range of a version with all of it. The whole object's checksum would not fit
    the range, so AWS sends none."""
    get = s3._get_object

    def get_range(bucket, key, headers, query_params=None):
        status, answered, body = get(bucket, key, headers, query_params)
        found = s3._parse_range(headers.get("range", ""), len(body)) if status == 200 else None
        if not found:
            return status, answered, body
        start, end = found
        kept = {name: value for name, value in answered.items() if not name.lower().startswith("x-amz-checksum-")}
        place = {"Content-Length": str(end - start + 1), "Content-Range": f"bytes {start}-{end}/{len(body)}"}
        return 206, kept | place, body[start : end + 1]

    s3._get_object = get_range


def read_streams_from_their_beginning():
    """The engine keeps how far a stream was read, but not the stream: after a start it would pass over as many changes
    of the table as it had told of before."""
    load = lambda_svc.load_persisted_state

    def load_and_begin(data):
        load(data)
        positions = lambda_svc._dynamodb_stream_positions._data
        positions.update(dict.fromkeys(positions, 0))

    lambda_svc.load_persisted_state = load_and_begin


def make_functions_ready_after_a_start():
    """A thread of the engine makes a function ready half a second after the function got its code. A checkpoint before
    that keeps the function as pending, and keeps no thread: after a crash it would stay pending for ever."""
    load = lambda_svc.load_persisted_state

    def make_ready(account, region, name):
        lambda_svc._request_account_id.set(account)
        lambda_svc._request_region.set(region)
        lambda_svc._schedule_state_transition(name, 0)

    def load_and_make_ready(data):
        load(data)
        for place in list(lambda_svc._functions._data):
            contextvars.copy_context().run(make_ready, *place)

    lambda_svc.load_persisted_state = load_and_make_ready


def authorize_map_runs_by_their_arn():
    """Where a request names a Map Run, the engine asks for a permission on everything, and AWS for one on that run."""
    extract = iam_actions.extract_resource_arn

    def extract_map_runs_too(service, method, path, headers, body, *more):
        found = extract(service, method, path, headers, body, *more)
        named = iam_actions._safe_json_field(body, "mapRunArn") if service == "states" and found == "*" else None
        return named or found

    iam_actions.extract_resource_arn = extract_map_runs_too


def answer_functions_at_once():
    """The engine hands an event to a function in two packets. Nagle's algorithm holds the second back until the
    function's kernel has acknowledged the first, which it may put off for 40 ms."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def main():
    checkpoints = Checkpoints(ministack.app)
    ministack.app = HeldAnswers(RequestCounts(checkpoints))
    if seeds := [argument.partition("=")[2] for argument in sys.argv if argument.startswith("--faults=")]:
        ministack.app = Faults(ministack.app, seeds[0])
    checkpoints.start()
    leave_room_for_others()
    allow_simple_passwords()
    ask_for_the_clients_secret()
    keep_the_time_of_sign_in()
    let_clients_close()
    take_the_same_permission_again()
    answer_ranges_of_versions()
    read_streams_from_their_beginning()
    make_functions_ready_after_a_start()
    authorize_map_runs_by_their_arn()
    answer_functions_at_once()
    give_each_call_its_lines()
    record_if_asked()
    record_provider_if_asked()
    sys.argv = ["ministack"]  # our own arguments only identify the process
    ministack.main()


if __name__ == "__main__":
    main()
