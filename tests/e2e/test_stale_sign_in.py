"""A sign-in of more than five minutes ago ends no account. Runs late, so that the first sign-in of the run is old
enough; alone it waits."""

import time

from tests.support.client import claims, problem


def test_an_old_sign_in_ends_no_account(ada):
    signed_in_at = claims(ada.id_token)["auth_time"]
    time.sleep(max(0, signed_in_at + 301 - time.time()))
    fresh = ada.api.post("/auth/refresh", {"refresh_token": ada.tokens["refresh_token"]}).json()["id_token"]
    for token in (ada.id_token, ada.api.secrets.keep(fresh)):
        assert problem(ada.api.call("DELETE", "/me", token=token)) == (403, "Auth.SignInAgain")
    assert ada.me()["user_id"] == ada.owner_id
