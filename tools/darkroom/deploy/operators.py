"""`make operator ENV=x MAIL=…`: makes a user of an environment an operator (ADR 54), or one no more with OFF=1.

The user must have signed up. On a laptop, without MAIL, one is made, and the address and the password are printed.
A user who is signed in already becomes an operator at the next refresh of their token.
"""
import argparse
import json
import sys

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import console
from darkroom.console import Failure, say
from darkroom.deploy.environment import Environment
from darkroom.deploy.root import Root
from darkroom.paths import REPOSITORY, Stack
from darkroom.stack import newcomer

GROUP = json.loads((REPOSITORY / "settings/identity.json").read_text(encoding="utf-8"))["operators_group"]


def switch(cognito, pool: str, mail: str, on: bool) -> None:
    """May be repeated."""
    change = cognito.admin_add_user_to_group if on else cognito.admin_remove_user_from_group
    change(UserPoolId=pool, Username=_name(cognito, pool, mail), GroupName=GROUP)


def _name(cognito, pool: str, mail: str) -> str:
    """Cognito's own name of the user: an address can change."""
    if '"' in mail or "\\" in mail:
        raise Failure(f"{mail} is not an address")
    found = cognito.list_users(UserPoolId=pool, Filter=f'email = "{mail}"')["Users"]
    confirmed = [user for user in found if user["UserStatus"] == "CONFIRMED"]
    if len(confirmed) != 1:
        raise Failure(f"no confirmed user has the address {mail}", hint="sign up with it first, in the web app")
    return confirmed[0]["Username"]


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="darkroom.deploy.operators", description=__doc__.splitlines()[0])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    parser.add_argument("--mail", help="the address that the user signed up with")
    parser.add_argument("--off", action="store_true", help="take the user out of the group")
    asked = parser.parse_args(argv)
    stack = Stack.from_environment()
    environment = Environment(root := Root(asked.env, stack))
    made = None
    if not asked.mail:
        if not environment.local or asked.off:
            raise Failure("MAIL is missing", hint=f"make operator ENV={asked.env} MAIL=you@example.com")
        made = newcomer.operator(stack)
    mail = asked.mail or made["email"]
    switch(environment.client("cognito-idp"), root.outputs()["user_pool_id"], mail, not asked.off)
    if made:
        print(f"address   {made['email']}\npassword  {made['password']}")
    else:
        say(f"{mail} is {'no operator any more' if asked.off else 'an operator'}.")


if __name__ == "__main__":
    console.run(main, sys.argv[1:], known=(ClientError, BotoCoreError))
