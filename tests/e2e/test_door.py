"""Cognito's own API refuses outsiders. A caller who knows the pool's client, whose id is in every token, can call
Cognito and gets nothing from it; no user has a token for that API. ADR 29 says what each call may do on AWS."""

import uuid

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.client import Person, claims


@pytest.fixture(scope="module")
def stranger(operator):
    """Cognito's own API, without credentials."""
    return boto3.client("cognito-idp", region_name=operator.stack["region"],
                        endpoint_url=operator.stack["aws_endpoint_url"], config=Config(signature_version=UNSIGNED))


@pytest.fixture(scope="module")
def victim(api):
    return api.newcomer("victim")


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"]


# The public calls of Cognito that take a client's id, each as made by a stranger who knows as much as the victim, but
# not the client's secret.
CALLS = {
    "sign_up": lambda known: {"Username": known["newcomer"], "Password": known["password"]},
    "confirm_sign_up": lambda known: {"Username": known["email"], "ConfirmationCode": "123456"},
    "resend_confirmation_code": lambda known: {"Username": known["email"]},
    "forgot_password": lambda known: {"Username": known["email"]},
    "confirm_forgot_password": lambda known: {
        "Username": known["email"], "ConfirmationCode": "654321", "Password": known["password"]},
    "initiate_auth": lambda known: {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {
        "USERNAME": known["email"], "PASSWORD": known["password"]}},
    "get_tokens_from_refresh_token": lambda known: {"RefreshToken": known["refresh_token"]},
    "revoke_token": lambda known: {"Token": known["refresh_token"]},
}
WRONG = {
    "initiate_auth": lambda said: said | {"AuthParameters": said["AuthParameters"] | {"SECRET_HASH": "d3Jvbmc="}},
    "get_tokens_from_refresh_token": lambda said: said | {"ClientSecret": "wrong" * 5},
    "revoke_token": lambda said: said | {"ClientSecret": "wrong" * 5},
}


@pytest.mark.parametrize("name", CALLS)
def test_who_knows_the_client_and_not_its_secret_gets_nothing(api, stranger, victim, name):
    newcomer = Person(api, "newcomer")
    known = {"email": victim.email, "password": victim.password, "newcomer": newcomer.email,
             "refresh_token": victim.tokens["refresh_token"]}
    mails, said = len(victim.mails()), CALLS[name](known)
    said["ClientId"] = claims(victim.id_token)["aud"]
    wrong = WRONG.get(name, lambda said: said | {"SecretHash": "d3Jvbmc="})(said)
    for arguments in (said, wrong):
        assert refusal(getattr(stranger, name), **arguments) in ("NotAuthorizedException", "UnauthorizedException")
    assert (len(victim.mails()), newcomer.mails()) == (mails, [])
    refreshed = api.post("/auth/refresh", {"refresh_token": known["refresh_token"]})
    assert refreshed.status_code == 200, "nothing was revoked"
    api.secrets.keep(refreshed.json()["id_token"])


def test_a_password_is_tried_with_credentials_of_aws_only(operator, stranger, victim):
    names = {"UserPoolId": operator.stack["user_pool_id"], "ClientId": operator.stack["user_pool_client_id"]}
    parameters = {"USERNAME": victim.email, "PASSWORD": victim.password}
    refused = refusal(stranger.admin_initiate_auth, **names, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                      AuthParameters=parameters)
    assert refused in ("AccessDeniedException", "MissingAuthenticationToken", "MissingAuthenticationTokenException")
    client = operator.cognito.describe_user_pool_client(**names)["UserPoolClient"]
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}


def test_no_answer_hands_out_what_opens_cognito(api, victim):
    signed_in = api.post("/auth/signin", victim.credentials).json()
    fresh = api.post("/auth/refresh", {"refresh_token": signed_in["refresh_token"]}).json()
    for token in (api.secrets.keep(signed_in["id_token"]), api.secrets.keep(fresh["id_token"])):
        assert claims(token)["token_use"] == "id"
    api.secrets.keep(signed_in["refresh_token"])
    assert {*signed_in, *fresh} == {"id_token", "refresh_token", "expires_in", "token_type"}


def test_an_id_token_opens_nothing_of_cognitos(stranger, victim):
    for call, said in ((stranger.delete_user, {}), (stranger.get_user, {}), (stranger.associate_software_token, {}),
                       (stranger.change_password, {"PreviousPassword": victim.password,
                                                   "ProposedPassword": f"{uuid.uuid4()}"}),
                       (stranger.update_user_attributes, {"UserAttributes": [
                           {"Name": "email", "Value": "another@example.com"}]})):
        assert refusal(call, AccessToken=victim.id_token, **said) == "NotAuthorizedException"
    victim.sign_in()
