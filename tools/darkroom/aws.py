"""Clients of AWS services for tools and tests: of an account, or of the local engine."""
import boto3
from botocore.config import Config

TRIES = {"retries": {"mode": "standard", "max_attempts": 5}, "connect_timeout": 10}


def client(service: str, *, region: str, endpoint: str | None = None, **config):
    """Without an endpoint it speaks to AWS, with the caller's credentials. `config` is botocore's and goes before
    TRIES."""
    config = TRIES | config
    if endpoint is None:
        return boto3.client(service, region_name=region, config=Config(**config))
    # Keys of the engine's root user; they are valid nowhere else. A proxy would swallow calls to this machine.
    return boto3.client(service, region_name=region, config=Config(**config, proxies={}), endpoint_url=endpoint,
                        aws_access_key_id="test", aws_secret_access_key="test")
