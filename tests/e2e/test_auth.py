"""Which callers are let in, and which are refused; and that no answer tells who has an account."""

import time
import uuid

import pytest

import tokens
from routes import SIGNED_IN, request
from tests.support import photos
from tests.support.client import Person, claims, fields, problem, restored
from tests.support.waiting import until

UNAUTHORIZED = (401, "Auth.Unauthorized")
NOT_FOUND = (404, "Request.NotFound")
UNKNOWN_IMAGE = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture(scope="module")
def image_id(ada):
    image_id = ada.upload(photos.fixture("gray.jpg"))
    ada.wait(image_id)
    return image_id


def asked(api, image_id, **credentials):
    """Every route that needs a sign-in, with these credentials."""
    def ask(operation):
        path, body = request(operation, {"image_id": image_id})
        return api.call(operation.method, path, **body, **credentials)

    return [ask(operation) for operation in SIGNED_IN]


def refused_at_the_gateway(operator, person, answers):
    """401, and no function has seen the request: the log, complete up to a later request, does not know it."""
    assert [problem(answer) for answer in answers] == [UNAUTHORIZED] * len(answers)
    later = set()

    def is_logged():
        # The engine reads the last line of a call with the next call, if the line comes late.
        later.add(person.look(UNKNOWN_IMAGE).headers["x-request-id"])
        return any(line.get("request_id") in later for line in operator.lines("images"))

    until(is_logged, "the log of a later request", pause=0.5)
    seen = {line["request_id"] for function in {operation.said["x-lambda"] for operation in SIGNED_IN}
            for line in operator.lines(function) if "request_id" in line}
    assert later & seen
    assert seen.isdisjoint(answer.headers["x-request-id"] for answer in answers)


def test_without_a_token_there_is_nothing_to_see(api, ada, operator, image_id):
    refused_at_the_gateway(operator, ada, asked(api, image_id))


@pytest.mark.parametrize("kind", tokens.KINDS)
def test_r34_a_forged_token_does_not_pass_the_gateway(api, ada, operator, image_id, kind):
    stack = operator.stack
    keys = f"{stack['aws_endpoint_url']}/{stack['user_pool_id']}/.well-known/jwks.json"
    token = api.secrets.keep(tokens.forged(kind, ada.id_token, keys)) or " "
    refused_at_the_gateway(operator, ada, asked(api, image_id, token=token))


@pytest.fixture
def seconds_only(operator):
    """The pool's client hands out tokens that live for two seconds. The local engine lets an operator set that; AWS
    asks for five minutes at least."""
    stack, cognito = operator.stack, operator.cognito
    names = {"UserPoolId": stack["user_pool_id"], "ClientId": stack["user_pool_client_id"]}
    was = cognito.describe_user_pool_client(**names)["UserPoolClient"]
    known = cognito.meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
    settings = {name: value for name, value in was.items() if name in known and value}
    with restored(lambda: cognito.update_user_pool_client(**settings)):
        units = was["TokenValidityUnits"] | {"IdToken": "seconds"}
        cognito.update_user_pool_client(**settings | {"IdTokenValidity": 2, "TokenValidityUnits": units})
        yield


def test_r34_an_expired_token_does_not_pass_the_gateway(api, operator, ada, image_id, seconds_only):
    brief = Person(api, "brief")
    brief.email, brief.password = ada.email, ada.password
    brief.sign_in()
    assert brief.look(image_id).status_code == 200, "good while it lives"
    time.sleep(max(0, claims(brief.id_token)["exp"] + 1 - time.time()))
    refused_at_the_gateway(operator, ada, asked(api, image_id, token=brief.id_token))


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_r34_only_an_id_token_counts(api, ada, operator, image_id, kind):
    token = ada.tokens["refresh_token"] if kind == "refresh" else api.secrets.keep(operator.access_token(ada))
    for answer in asked(api, image_id, token=token):
        assert problem(answer) == UNAUTHORIZED


def test_r34_a_token_for_another_client_of_the_pool_does_not_count(api, ada, operator, image_id):
    cognito, pool = operator.cognito, operator.stack["user_pool_id"]
    other = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])["UserPoolClient"]
    with restored(lambda: cognito.delete_user_pool_client(UserPoolId=pool, ClientId=other["ClientId"])):
        parameters = {"USERNAME": ada.email, "PASSWORD": ada.password}
        signed_in = cognito.initiate_auth(
            ClientId=other["ClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        token = api.secrets.keep(signed_in["AuthenticationResult"]["IdToken"])
        for answer in asked(api, image_id, token=token):
            assert problem(answer) == UNAUTHORIZED


def same(answers):
    """One of these answers, which must be equal but for the request's id."""
    def essence(answer):
        body = answer.json()
        body.pop("request_id", None)
        return answer.status_code, body, sorted(name.lower() for name in answer.headers)

    first, *others = map(essence, answers)
    assert others == [first] * len(others)
    return answers[0]


@pytest.mark.parametrize("query", ["", "?size=medium"])
def test_r33_what_belongs_to_others_does_not_exist(ada, eve, image_id, query):
    assert ada.look(image_id, query).status_code == 200
    assert problem(same([eve.look(image_id, query), eve.look(UNKNOWN_IMAGE, query)])) == NOT_FOUND


@pytest.mark.parametrize("name", ["x", "..", "%2e%2e%2fetc", UNKNOWN_IMAGE.upper(), UNKNOWN_IMAGE.replace("-", "")])
def test_what_is_no_image_id_does_not_exist(ada, name):
    assert problem(ada.look(name)) == NOT_FOUND


@pytest.fixture(scope="module")
def unconfirmed(api):
    person = Person(api, "unconfirmed")
    person.sign_up()
    person.mailed_code()
    return person


@pytest.fixture
def unknown(api):
    return Person(api, "unknown")


def test_r35_sign_in_does_not_tell_who_has_an_account(api, ada, unconfirmed, unknown):
    wrong = api.secrets.keep("A wrong password 1")
    answers = [api.post("/auth/signin", {"email": person.email, "password": wrong})
               for person in (ada, unconfirmed, unknown)]
    answers.append(api.post("/auth/signin", unconfirmed.credentials))
    assert problem(same(answers)) == (401, "Auth.InvalidCredentials")


def test_r35_sign_up_does_not_tell_who_has_an_account(api, ada, unconfirmed, unknown):
    mails = len(ada.mails())
    answers = [api.post("/auth/signup", person.credentials) for person in (ada, unknown, unconfirmed)]
    assert same(answers).status_code == 202
    unknown.mailed_code()
    assert len(ada.mails()) == mails, "no code to one who has an account"
    assert api.post("/auth/signin", ada.credentials).status_code == 200, "whose password stays as it was"


def test_r35_a_code_does_not_tell_who_has_an_account(api, ada, unconfirmed, unknown):
    answers = [api.post("/auth/verify", {"email": person.email, "code": "000000"})
               for person in (ada, unconfirmed, unknown)]
    assert problem(same(answers)) == (400, "Auth.CodeInvalid")


def test_r35_a_forgotten_password_does_not_tell_who_has_an_account(api, ada, unconfirmed, unknown):
    asked_for = [api.post("/auth/forgot-password", {"email": person.email}) for person in (ada, unconfirmed, unknown)]
    assert same(asked_for).status_code == 202
    new = api.secrets.keep("A new Passw0rd, never set")
    answers = [api.post("/auth/confirm-forgot-password", {"email": person.email, "code": "000000", "password": new})
               for person in (ada, unconfirmed, unknown)]
    assert problem(same(answers)) == (400, "Auth.CodeInvalid")


def test_r35_a_resent_code_does_not_tell_who_has_an_account(api, unconfirmed, unknown):
    mails = len(unconfirmed.mails())
    answers = [api.post("/auth/resend-code", {"email": person.email}) for person in (unconfirmed, unknown)]
    assert same(answers).status_code == 202
    unconfirmed.mailed_code(mails + 1)
    assert unknown.mails() == []


def test_a_refresh_token_buys_tokens_until_it_is_signed_out(api):
    person = api.newcomer("guest")
    session = {"refresh_token": person.tokens["refresh_token"]}
    fresh = api.post("/auth/refresh", session)
    assert fresh.status_code == 200, fresh.text
    api.secrets.keep(fresh.json()["id_token"])
    assert claims(fresh.json()["id_token"])["sub"] == person.owner_id
    assert problem(api.call("GET", f"/image/{UNKNOWN_IMAGE}", token=fresh.json()["id_token"])) == NOT_FOUND, "let in"

    person.sign_in()
    answer = api.post("/auth/signout", session)
    assert (answer.status_code, answer.text) == (204, "")
    assert problem(api.post("/auth/refresh", session)) == (401, "Auth.SessionEnded")
    assert api.post("/auth/signout", session).status_code == 204, "a second sign-out is not an error"
    other = api.post("/auth/refresh", {"refresh_token": person.tokens["refresh_token"]})
    assert other.status_code == 200, "another sign-in of the same person stays"
    api.secrets.keep(other.json()["id_token"])


def test_only_a_refresh_token_buys_tokens(api, ada, operator):
    for token in (ada.id_token, api.secrets.keep(operator.access_token(ada))):
        assert problem(api.post("/auth/refresh", {"refresh_token": token})) == (401, "Auth.SessionEnded")


def test_a_forgotten_password_can_be_replaced(api):
    person = api.newcomer("forgetful")
    mails = len(person.mails())
    assert api.post("/auth/forgot-password", {"email": person.email}).status_code == 202
    code = person.mailed_code(mails + 1)
    old, person.password = person.password, api.secrets.keep("Another long Passw0rd")
    answer = api.post("/auth/confirm-forgot-password", person.credentials | {"code": code})
    assert answer.status_code == 200, answer.text
    person.sign_in()
    assert problem(api.post("/auth/signin", {"email": person.email, "password": old})) == (
        401, "Auth.InvalidCredentials")


def test_a_long_password_need_not_be_complicated(api):
    person = Person(api, "plain")
    person.password = api.secrets.keep(f"a good long password for {uuid.uuid4().hex}")
    person.sign_up()
    person.verify(person.mailed_code())
    person.sign_in()


def test_r35_a_short_password_is_refused_before_cognito_is_asked(api, ada, unknown):
    password = api.secrets.keep("Eleven char")
    answers = [api.post("/auth/signup", {"email": person.email, "password": password}) for person in (ada, unknown)]
    assert problem(same(answers)) == (400, "Request.Invalid")
    assert fields(answers[0]) == ["password"]
    assert unknown.mails() == []
