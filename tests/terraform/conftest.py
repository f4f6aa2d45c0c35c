import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import rendered

ENVIRONMENTS = ("dev", "staging", "prod")


# The variables that prod demands.
DEMANDED = {"prod": {
    "alarm_emails": ["ops@example.com"],
    "email_sender": {"ses_identity_arn": f"arn:aws:ses:eu-central-1:{rendered.ACCOUNT}:identity/example.com",
                     "from": "Darkroom <photos@example.com>"},
}}


@pytest.fixture(scope="session")
def environments(tmp_path_factory):
    """Each AWS environment, applied on a mocked provider: some ten seconds each, so once for all tests."""
    code = rendered.copy_of_the_code(tmp_path_factory.mktemp("code"))
    with ThreadPoolExecutor(max_workers=2) as pool:
        renderings = pool.map(lambda name: rendered.render(code, name, DEMANDED.get(name)), ENVIRONMENTS)
        return dict(zip(ENVIRONMENTS, renderings, strict=True))


ACM = "arn:aws:acm:{}:" + rendered.ACCOUNT + ":certificate/1"

# All options of prod that are off by default.
OPTIONS = DEMANDED["prod"] | {
    "account_id": rendered.ACCOUNT,
    "api_domain": {"name": "api.example.com", "certificate_arn": ACM.format(rendered.REGION)},
    "web_domain": {"name": "photos.example.com", "certificate_arn": ACM.format("us-east-1")},
    "replica_region": "eu-west-1",
    "reserved_concurrency": {"auth": 50},
    "variants_public_keys": {"one": "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"},
}


@pytest.fixture(scope="session")
def prod_with_options(tmp_path_factory):
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
