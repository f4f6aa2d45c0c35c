import os
from collections.abc import Mapping
from pathlib import Path

import pytest

import rendered
from darkroom import provider_server, providers
from darkroom.paths import Stack

ENVIRONMENTS = ("dev", "staging", "prod")


# The variables that prod demands.
DEMANDED = {"prod": {
    "alarm_emails": ["ops@example.com"],
    "email_sender": {"ses_identity_arn": f"arn:aws:ses:eu-central-1:{rendered.ACCOUNT}:identity/example.com",
                     "from": "Darkroom <photos@example.com>"},
}}


class Environments(Mapping):
    """Each AWS environment, applied on a mocked provider when a test first asks for it: half a minute of CPU."""

    def __init__(self, code):
        self._code = code
        self._rendered = {}

    def __getitem__(self, name):
        if name not in self._rendered:
            self._rendered[name] = rendered.render(self._code, name, DEMANDED.get(name))
        return self._rendered[name]

    def __iter__(self):
        return iter(ENVIRONMENTS)

    def __len__(self):
        return len(ENVIRONMENTS)


@pytest.fixture(scope="session")
def provider():
    """One process of the provider for all environments: see tools/darkroom/provider_server.py."""
    with provider_server.served(providers.programs(Stack.from_environment())) as variables:
        rendered.PROVIDER.update(variables)
        yield
        rendered.PROVIDER.clear()


@pytest.fixture(scope="session")
def environments(provider, tmp_path_factory):
    return Environments(rendered.copy_of_the_code(tmp_path_factory.mktemp("code")))


ACM = "arn:aws:acm:{}:" + rendered.ACCOUNT + ":certificate/1"

# All options of prod that are off by default.
OPTIONS = DEMANDED["prod"] | {
    "account_id": rendered.ACCOUNT,
    "api_domain": {"name": "api.example.com", "certificate_arn": ACM.format(rendered.REGION)},
    "web_domain": {"name": "photos.example.com", "certificate_arn": ACM.format("us-east-1")},
    "import_buckets": [f"arn:aws:s3:::{rendered.IMPORTED}"],
    "import_key_arns": [rendered.IMPORTED_KEY],
    "replica_region": "eu-west-1",
    "reserved_concurrency": {"auth": 50},
    "variants_public_keys": {"one": "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"},
}


@pytest.fixture(scope="session")
def prod_with_options(provider, tmp_path_factory):
    """In a copy of its own, since the other renders the same root."""
    return rendered.render(rendered.copy_of_the_code(tmp_path_factory.mktemp("options")), "prod", OPTIONS)


@pytest.fixture(scope="session")
def same_as_file():
    """Compares with a file of the repository. DARKROOM_WRITE=1 writes the file instead: look at the diff."""

    def compare(path: Path, text: str):
        if os.environ.get("DARKROOM_WRITE"):
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(text, encoding="utf-8")
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        # pytest shows the lines that differ.
        assert text.splitlines() == there.splitlines(), f"{path.name}: DARKROOM_WRITE=1 make test-terraform, and look"

    return compare
