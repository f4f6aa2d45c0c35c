"""`make operator`: who is put into the group, and who is not."""

import pytest

from darkroom.console import Failure
from darkroom.deploy import operators


class Cognito:
    def __init__(self, *users):
        self.users, self.calls = users, []

    def list_users(self, UserPoolId, Filter):
        return {"Users": [user for user in self.users if Filter == f'email = "{user["email"]}"']}

    def admin_add_user_to_group(self, **asked):
        self.calls.append(("add", asked))

    def admin_remove_user_from_group(self, **asked):
        self.calls.append(("remove", asked))


def user(email, status="CONFIRMED"):
    return {"email": email, "Username": f"name of {email}", "UserStatus": status}


@pytest.mark.parametrize(("on", "verb"), [(True, "add"), (False, "remove")])
def test_a_user_is_found_by_the_address_and_switched(on, verb):
    cognito = Cognito(user("ada@example.com"), user("eve@example.com"))
    operators.switch(cognito, "pool", "ada@example.com", on)
    asked = {"UserPoolId": "pool", "Username": "name of ada@example.com", "GroupName": "operators"}
    assert cognito.calls == [(verb, asked)]


@pytest.mark.parametrize("mail", ["unknown@example.com", "new@example.com", 'x" or "'])
def test_who_has_not_proved_the_address_is_no_operator(mail):
    cognito = Cognito(user("new@example.com", "UNCONFIRMED"))
    with pytest.raises(Failure):
        operators.switch(cognito, "pool", mail, True)
    assert cognito.calls == []


def test_on_aws_no_user_is_made(monkeypatch):
    monkeypatch.setattr(operators, "Root", lambda name, stack: name)
    monkeypatch.setattr(operators, "Environment", lambda root: type("Dev", (), {"local": False}))
    with pytest.raises(Failure, match="MAIL is missing"):
        operators.main(["--env", "dev"])
