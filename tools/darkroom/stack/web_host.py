"""The web app's server on a laptop, in CloudFront's place, on loopback. Started by its path; imports nothing of ours.

It serves the built app with the headers of settings/web-headers.json, answers a path without an ending with the app's
page and a missing file with 404, and tells the app where the API is by /config.json.
"""
import argparse
import gzip
import hashlib
import json
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".json": "application/json", ".webmanifest": "application/manifest+json",
    ".png": "image/png", ".jpg": "image/jpeg", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
}


def policy(settings: dict, hosts: dict[str, list[str]]) -> str:
    """The same Content-Security-Policy as modules/delivery writes."""
    rules = []
    for rule in settings["content_security_policy"]:
        named = [host for name in rule.get("hosts", []) for host in hosts[name]]
        rules.append(" ".join([rule["directive"], *rule["sources"], *dict.fromkeys(named)]))
    return "; ".join(rules)


def resolve(dist: Path, path: str) -> Path | None:
    """The file behind a path; None where there is none. Nothing outside the folder is a file of the app."""
    name = path.rsplit("/", 1)[-1]
    file = (dist / ("index.html" if "." not in name else path.lstrip("/"))).resolve()
    return file if file.is_relative_to(dist.resolve()) and file.is_file() else None


@lru_cache(maxsize=256)
def _squeezed(file: Path, _changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), 6)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Darkroom"
    sys_version = ""
    dist: Path
    settings_file: Path
    endpoint: str
    config: bytes
    origin: str

    def do_GET(self):
        settings = json.loads(self.settings_file.read_text())
        host = self.headers.get("Host", "")
        # One address only: the API lets one origin in, and a foreign name that leads here is not followed.
        if host != urlsplit(self.origin).netloc:
            self._answer(302, settings, b"", "text/plain", Location=self.origin + self.path)
            return
        path = urlsplit(self.path).path
        if path == "/config.json":
            self._answer(200, settings, self.config, TYPES[".json"])
            return
        file = resolve(self.dist, path)
        if file is None:
            missing = self.dist / "not-found.html"
            self._answer(404, settings, missing.read_bytes() if missing.is_file() else b"Not found", TYPES[".html"])
            return
        self._file(settings, file, is_asset=path.startswith("/assets/"))

    do_HEAD = do_GET

    def _file(self, settings: dict, file: Path, *, is_asset: bool):
        body, extra = file.read_bytes(), {}
        extra["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        kind = TYPES.get(file.suffix, "application/octet-stream")
        if self.headers.get("If-None-Match") == extra["ETag"]:
            self._answer(304, settings, b"", kind, is_asset=is_asset, **extra)
            return
        is_text = kind.startswith(("text/", "application/", "image/svg"))
        if is_text and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = _squeezed(file, file.stat().st_mtime_ns)
            extra |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self._answer(200, settings, body, kind, is_asset=is_asset, **extra)

    def _answer(self, status: int, settings: dict, body: bytes, kind: str, *, is_asset: bool = False, **extra: str):
        hosts = {name: [self.endpoint] for name in ("api", "originals", "images")}
        self.send_response(status)
        for name, value in settings["headers"].items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", policy(settings, hosts))
        self.send_header("Cache-Control", settings["cache_control"]["assets" if is_asset else "pages"])
        for name, value in extra.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def log_message(self, format, *arguments):
        """Logs nothing: paths are private, and a log would fill the disk."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", required=True, help="the stack's folder; tells this process from another stack's")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dist", type=Path, required=True, help="the built app")
    parser.add_argument("--settings", type=Path, required=True, help="settings/web-headers.json")
    parser.add_argument("--endpoint", required=True, help="the engine's address, for the security policy")
    parser.add_argument("--config", required=True, help="what /config.json says")
    given = parser.parse_args()
    Handler.dist, Handler.settings_file = given.dist, given.settings
    Handler.endpoint, Handler.config = given.endpoint, given.config.encode()
    Handler.origin = f"http://127.0.0.1:{given.port}"
    Server(("127.0.0.1", given.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
