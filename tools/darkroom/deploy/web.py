"""Ships the web app: `make deploy-web ENV=dev`, and `make rollback-web ENV=dev`.

Hashed files go first and never change; those of older releases stay for open tabs. The files that name them follow, the
page last, so that each page finds its files at any moment. Each release keeps its own copy of the files without a hash
below `releases/`, and a rollback copies those of the release before over them.
"""
import argparse
import json
import mimetypes
import sys
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from darkroom import console
from darkroom.console import Failure, Step, say
from darkroom.deploy import web_build
from darkroom.deploy.lambdas import release_name
from darkroom.deploy.root import Root
from darkroom.paths import REPOSITORY, Stack

RELEASES = "releases/"
CURRENT = f"{RELEASES}current"
PAGE = "index.html"
CACHE = json.loads((REPOSITORY / "settings" / "web-headers.json").read_text())["cache_control"]
TYPES = {".js": "text/javascript; charset=utf-8", ".html": "text/html; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
         ".json": "application/json"}


class Site:
    """A bucket with the app in it."""

    def __init__(self, s3, bucket: str):
        self.s3, self.bucket = s3, bucket

    def ship(self, dist: Path, config: dict, release: str) -> list[str]:
        """The keys that were written, in their order."""
        files = sorted(path for path in dist.rglob("*") if path.is_file())
        named = {str(path.relative_to(dist)): path.read_bytes() for path in files}
        named["config.json"] = (json.dumps(config) + "\n").encode()
        hashed = [name for name in named if name.startswith("assets/")]
        plain = _page_last(name for name in named if name not in hashed)
        there = set(self._keys("assets/"))
        written = [name for name in hashed if name not in there]
        for name in written:
            self._put(name, named[name], CACHE["assets"])
        for name in plain:
            self._put(f"{RELEASES}{release}/{name}", named[name], CACHE["pages"], kind=_kind(name))
        for name in plain:
            self._put(name, named[name], CACHE["pages"])
        self._put(CURRENT, release.encode(), CACHE["pages"], kind="text/plain")
        return written + plain

    def back(self) -> tuple[str, str]:
        """(the release that was live, the one before it, which is live again)."""
        current = self.current()
        before = [release for release in self.releases() if release < current]
        if not before:
            raise Failure(f"{current or 'nothing'} is the first release of this app: no release to go back to")
        target = before[-1]
        prefix = f"{RELEASES}{target}/"
        for key in _page_last(self._keys(prefix)):
            body = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            self._put(key.removeprefix(prefix), body, CACHE["pages"])
        self._put(CURRENT, target.encode(), CACHE["pages"], kind="text/plain")
        return current, target

    def current(self) -> str:
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=CURRENT)["Body"].read().decode()
        except self.s3.exceptions.NoSuchKey:
            return ""

    def releases(self) -> list[str]:
        """The oldest first: a release's name begins with its time."""
        return sorted({key.split("/")[1] for key in self._keys(RELEASES) if key.count("/") > 1})

    def _keys(self, prefix: str) -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def _put(self, key: str, body: bytes, cache: str, kind: str = "") -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, CacheControl=cache, ContentType=kind or _kind(key))


def deploy(root: Root) -> None:
    facts = _facts(root)
    with Step("Building the web app"):
        web_build.build()
    release = release_name()
    with Step(f"Shipping to {root.name}") as step:
        written = Site(root.client("s3"), facts["web_bucket"]).ship(web_build.DIST, config(facts), release)
        step.result = f"{len(written)} files"
    _invalidate(root, facts)
    say(f"Release {release} is live at {facts['web_url']}.")


def rollback(root: Root) -> None:
    facts = _facts(root)
    left, live = Site(root.client("s3"), facts["web_bucket"]).back()
    _invalidate(root, facts)
    say(f"{left} → {live}, at {facts['web_url']}. The next `make deploy-web` ships the working copy again.")


def config(facts: dict) -> dict:
    """The app's config.json for its environment. It has no secret: everyone who opens the page reads it."""
    return {"api_url": facts["api_url"]}


def _facts(root: Root) -> dict:
    if root.local:
        raise Failure("this machine's stack serves the web app from its folder", hint="make up")
    facts = root.outputs()
    if not facts.get("web_bucket"):
        raise Failure(f"the environment {root.name} has no bucket for the web app", hint=f"make apply ENV={root.name}")
    return facts


def _invalidate(root: Root, facts: dict) -> None:
    """A file with a hash in its name is never stale."""
    root.client("cloudfront").create_invalidation(
        DistributionId=facts["web_distribution"]["id"],
        InvalidationBatch={"CallerReference": str(time.time_ns()), "Paths": {"Quantity": 1, "Items": ["/*"]}},
    )


def _page_last(names) -> list[str]:
    return sorted(names, key=lambda name: (name.rsplit("/", 1)[-1] == PAGE, name))


def _kind(name: str) -> str:
    return TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="darkroom.deploy.web", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["deploy", "rollback"])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    arguments = parser.parse_args(argv)
    {"deploy": deploy, "rollback": rollback}[arguments.command](Root(arguments.env, Stack.from_environment()))


if __name__ == "__main__":
    console.run(main, sys.argv[1:], known=(ClientError, BotoCoreError))
