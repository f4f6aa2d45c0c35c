"""`make deploy-web` and `make rollback-web`, on the engine's S3: the files of the bucket after each, and their
order."""

import json

import pytest

from darkroom.console import Failure
from darkroom.deploy.web import Site, config
from tests.support.operations import RUN

BUCKET = f"web-{RUN}"


@pytest.fixture(scope="module")
def s3(operator):
    operator.s3.create_bucket(Bucket=BUCKET)
    yield operator.s3
    found = operator.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    for item in found:
        operator.s3.delete_object(Bucket=BUCKET, Key=item["Key"])
    operator.s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A build whose page names one hashed script."""
    def build(release):
        dist = tmp_path_factory.mktemp(release)
        (dist / "assets").mkdir()
        (dist / "assets" / "shared-0000.css").write_text("same in all")
        (dist / "assets" / f"index-{release}.js").write_text(f"// {release}")
        (dist / "index.html").write_text(f"<script src=/assets/index-{release}.js></script>")
        (dist / "sw.js").write_text(f"// worker of {release}")
        return dist

    return build


@pytest.fixture(scope="module")
def shipped(s3, built):
    """Two releases, one after the other: the files written for each, in their order."""
    site = Site(s3, BUCKET)
    return [site.ship(built(name), {"api_url": f"https://{name}"}, f"2026013{day}T000000Z-{name}")
            for day, name in ((0, "one"), (1, "two"))]


def read(s3, key):
    found = s3.get_object(Bucket=BUCKET, Key=key)
    return found["Body"].read().decode(), found["CacheControl"], found["ContentType"]


def test_files_come_before_what_names_them_and_the_page_last(shipped):
    first, second = shipped
    assert first == ["assets/index-one.js", "assets/shared-0000.css", "config.json", "sw.js", "index.html"]
    assert second == ["assets/index-two.js", "config.json", "sw.js", "index.html"], "what is there is not sent again"


def test_hashed_files_are_kept_for_ever_and_old_ones_stay_for_open_tabs(s3, shipped):
    for name in ("one", "two"):
        assert read(s3, f"assets/index-{name}.js") == (f"// {name}", "public, max-age=31536000, immutable",
                                                      "text/javascript; charset=utf-8")


def test_the_page_and_its_config_are_asked_for_again_each_time(s3, shipped):
    page, cache, kind = read(s3, "index.html")
    assert ("index-two.js" in page, cache, kind) == (True, "no-cache", "text/html; charset=utf-8")
    assert json.loads(read(s3, "config.json")[0]) == {"api_url": "https://two"}


def test_a_rollback_puts_all_of_the_release_before_back_and_then_there_is_none(s3, shipped):
    site = Site(s3, BUCKET)
    assert site.back() == ("20260131T000000Z-two", "20260130T000000Z-one")
    assert "index-one.js" in read(s3, "index.html")[0]
    assert read(s3, "sw.js")[0] == "// worker of one"
    assert json.loads(read(s3, "config.json")[0]) == {"api_url": "https://one"}
    with pytest.raises(Failure, match="first release"):
        site.back()


def test_the_app_is_told_nothing_but_where_the_api_is():
    assert config({"api_url": "https://api", "user_pool_id": "eu-central-1_x", "web_bucket": "b"}) == {"api_url": "https://api"}
