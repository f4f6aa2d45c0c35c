"""The web app's server on a laptop, and what it shares with CloudFront: settings/web-headers.json."""

import http.client
import json
import re
import subprocess
import sys
import time

import pytest

from darkroom.paths import REPOSITORY, Stack, web_port
from darkroom.stack import checks, next_steps, web, web_host

SETTINGS = json.loads(web.SETTINGS.read_text())
HOSTS = {"api": ["https://api"], "originals": ["https://originals"], "images": ["https://images"]}
PAGE, SCRIPT = b"<!doctype html><title>the page</title>", b"export {};"


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    dist = tmp_path_factory.mktemp("dist")
    (dist / "assets").mkdir()
    (dist / "index.html").write_bytes(PAGE)
    (dist / "assets" / "index-a1b2.js").write_bytes(SCRIPT)
    (dist / "not-found.html").write_bytes(b"not here")
    (dist.parent / "secret.txt").write_text("of the machine")
    return dist


@pytest.fixture(scope="module")
def port(dist):
    port = checks.free_port()
    command = [sys.executable, str(web.HOST_SCRIPT), "--home", str(dist.parent), "--port", str(port),
               "--dist", str(dist), "--settings", str(web.SETTINGS), "--endpoint", "http://127.0.0.1:4566",
               "--config", '{"api_url": "x"}']
    with subprocess.Popen(command) as process:
        try:
            while checks.port_is_free(port):
                time.sleep(0.02)
            yield port
        finally:
            process.terminate()


def ask(port, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize("path", ["/", "/albums/01a2", "/shared", "/?photo=1"])
def test_a_path_without_an_ending_is_answered_by_the_page(port, path):
    answer, body = ask(port, path)
    assert (answer.status, body) == (200, PAGE)
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/gone-c3d4.js", "/../secret.txt", "/%2e%2e/secret.txt", "/favicon.ico"])
def test_a_file_that_is_missing_or_elsewhere_is_404_and_no_page(port, path):
    answer, body = ask(port, path)
    assert (answer.status, body) == (404, b"not here")


def test_hashed_files_are_kept_for_ever_and_the_page_is_asked_for_again(port):
    answer, body = ask(port, "/assets/index-a1b2.js")
    assert (answer.status, body) == (200, SCRIPT)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    page, _ = ask(port, "/")
    again, body = ask(port, "/", If_None_Match=page.headers["ETag"])
    assert (again.status, body) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/assets/index-a1b2.js", "/config.json", "/gone.js"])
def test_each_answer_has_each_header_of_the_settings(port, path):
    answer, _ = ask(port, path)
    for name, value in SETTINGS["headers"].items():
        assert answer.headers.get_all(name) == [value]
    assert "connect-src 'self' http://127.0.0.1:4566;" in answer.headers["Content-Security-Policy"]


def test_a_foreign_name_that_leads_here_is_sent_to_the_address(port):
    answer, body = ask(port, "/albums", Host="evil.example")
    assert (answer.status, answer.headers["Location"], body) == (302, f"http://127.0.0.1:{port}/albums", b"")


def test_head_is_get_without_a_body(port):
    answer, body = ask(port, "/", method="HEAD")
    assert (answer.status, answer.headers["Content-Length"], body) == (200, str(len(PAGE)), b"")


def test_the_policy_allows_nothing_inline_and_no_host_that_is_not_named():
    policy = web_host.policy(SETTINGS, HOSTS)
    assert not re.search(r"unsafe|\*|data:|http:", policy)
    assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
    assert "connect-src 'self' https://api https://originals https://images" in policy


def test_cloudfront_is_told_the_same_policy():
    """terraform/modules/delivery makes the policy by the same rule, in HCL; the module's own test has it in full."""
    expected = (REPOSITORY / "terraform/modules/delivery/tests/delivery.tftest.hcl").read_text()
    hosts = {
        "api": ["https://api.example.com"],
        "originals": ["https://darkroom-test-originals-111122223333.s3.eu-central-1.amazonaws.com"],
        "images": ["https://darkroom-test-images-111122223333.s3.eu-central-1.amazonaws.com"],
    }
    for rule in web_host.policy(SETTINGS, hosts).split("; "):
        assert f'"{rule}",' in expected


def test_cloudfronts_function_routes_as_the_server_does(dist):
    script = (REPOSITORY / "terraform/modules/delivery/routes.js").read_text()
    paths = ["/", "/albums/01a2", "/assets/index-a1b2.js", "/a.b/c", "/sw.js"]
    route = "(uri) => handler({request: {uri}}).uri"
    asked = f"{script}\nconsole.log(JSON.stringify({json.dumps(paths)}.map({route})))"
    done = subprocess.run(["node", "-e", asked], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["/index.html", "/index.html", "/assets/index-a1b2.js", "/index.html", "/sw.js"]
    assert web_host.resolve(dist, "/a.b/c") == dist / "index.html"


def test_the_web_apps_port_follows_from_the_engines():
    assert [web_port(port) for port in (4566, 64535, 64536, 65535)] == [5566, 65535, 63536, 64535]


def test_the_address_is_the_first_of_the_next_steps(tmp_path):
    stack = Stack(tmp_path, 4566, tmp_path)
    assert next_steps.lines(stack, {"web_url": stack.web_url})[0].startswith("http://127.0.0.1:5566 ")
