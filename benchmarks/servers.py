"""The compared servers, each on a free port with all its files in a folder of its own.

nginx and Varnish come from Debian; `python -m benchmarks install` installs Datasette and json-server into `.bench/`.
Each worker serves one request at a time, as ours does.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.catalogues import CACHE, ROOT
from benchmarks.processes import Tree, await_port, running
from tools.ports import free_port

DATASETTE = CACHE / "datasette" / "bin" / "datasette"
JSON_SERVER = CACHE / "json-server" / "node_modules" / ".bin" / "json-server"

_NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn;
{user}
events {{ worker_connections 512; }}
http {{
  access_log off; default_type application/json; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=replies:10m max_size=500m inactive=60m;
  server {{
    listen 127.0.0.1:{port};
    {serve}
  }}
}}
"""
_STATIC = "location / { root %s; rewrite ^(.*)/$ $1/reply.json break; }"
_PROXY = """location / {
      proxy_pass http://127.0.0.1:%d; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_cache replies; proxy_cache_key $http_host$request_uri; proxy_cache_valid 200 60m;
      proxy_ignore_headers Cache-Control Expires Vary Set-Cookie;
    }"""
_VARNISH = """vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "%d"; }
sub vcl_backend_response { unset beresp.http.Vary; set beresp.ttl = 1h; }
"""


class Missing(Exception):
    """A program to compare with is not installed; the text says how to install it."""


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    port: int
    tree: Tree


@contextmanager
def launchledger(database: str, *, workers: int = 1, pinned: bool = True, extra_pids: tuple[int, ...] = ()) -> Iterator[Server]:
    """Our server. The CPU time of `extra_pids` counts as its own: those of PostgreSQL."""
    with _program(
        "Launchledger",
        [sys.executable, "-m", "launchledger", "serve", "--workers", str(workers), "--port"],
        database,
        pinned,
        extra_pids,
    ) as server:
        yield server


@contextmanager
def stock(database: str, *, extra_pids: tuple[int, ...] = ()) -> Iterator[Server]:
    """The same models behind nested serializers (see `benchmarks.stock`)."""
    with _program("stock", [sys.executable, "-m", "benchmarks.stock.serve"], database, True, extra_pids) as server:
        yield server


@contextmanager
def _program(name: str, words: list[str], database: str, pinned: bool, extra_pids: tuple[int, ...]) -> Iterator[Server]:
    port = free_port()
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        settings = {"DATABASE_URL": database, "LAUNCHLEDGER_LOG_LEVEL": "WARNING"}
        with running([*words, str(port)], log, environment=settings, folder=ROOT, pinned=pinned) as process:
            await_port(process, port, log)
            yield Server(name, port, Tree(process.pid, *extra_pids))


@contextmanager
def nginx_static(replies: Mapping[str, bytes]) -> Iterator[Server]:
    """nginx, serving these bodies from files, by path."""
    with TemporaryDirectory(prefix="bench-") as root:
        for path, body in replies.items():
            folder = Path(root) / path.strip("/")
            folder.mkdir(parents=True)
            (folder / "reply.json").write_bytes(body)
        Path(root).chmod(0o755)
        with _nginx("nginx, static file", _STATIC % root) as server:
            yield server


@contextmanager
def nginx_proxy(behind: Server) -> Iterator[Server]:
    """nginx with proxy_cache in front of a server."""
    with _nginx("nginx, proxy_cache", _PROXY % behind.port) as server:
        yield server


@contextmanager
def _nginx(name: str, serve: str) -> Iterator[Server]:
    nginx = _find("nginx", "apt-get install nginx-light")
    with TemporaryDirectory(prefix="bench-") as folder:
        port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(_NGINX.format(folder=folder, port=port, serve=serve, user=user), encoding="utf-8")
        log = Path(folder) / "log"
        with running([nginx, "-p", folder, "-e", f"{folder}/error.log", "-c", configuration], log) as process:
            await_port(process, port, log)
            yield Server(name, port, Tree(process.pid))


@contextmanager
def varnish(behind: Server) -> Iterator[Server]:
    """Varnish in front of a server."""
    varnishd = _find("varnishd", "apt-get install varnish")
    with TemporaryDirectory(prefix="bench-") as folder:
        port = free_port()
        vcl = Path(folder) / "default.vcl"
        vcl.write_text(_VARNISH % behind.port, encoding="utf-8")
        log = Path(folder) / "log"
        words: list[str | Path] = [
            varnishd,
            "-F",
            "-j",
            "none",
            "-a",
            f"127.0.0.1:{port}",
            "-f",
            vcl,
            "-n",
            f"{folder}/v",
            "-s",
            "malloc,300m",
        ]
        # With it Varnish would store compressed replies, and unpack one for each client without compression.
        words += ["-p", "http_gzip_support=off"]
        with running(words, log) as process:
            await_port(process, port, log)
            yield Server("Varnish", port, Tree(process.pid))


@contextmanager
def datasette(database: Path) -> Iterator[Server]:
    """Datasette over an SQLite file."""
    if not DATASETTE.exists():
        raise Missing("Datasette is not installed: run python -m benchmarks install")
    with TemporaryDirectory() as folder:
        port, log = free_port(), Path(folder) / "log"
        with running([DATASETTE, "serve", "-i", database, "-h", "127.0.0.1", "-p", str(port)], log) as process:
            await_port(process, port, log)
            yield Server("Datasette", port, Tree(process.pid))


@contextmanager
def json_server(file: Path) -> Iterator[Server]:
    """json-server over a file with one key for each list of objects."""
    if not JSON_SERVER.exists():
        raise Missing("json-server is not installed: run python -m benchmarks install (needs npm)")
    with TemporaryDirectory() as folder:
        port, log = free_port(), Path(folder) / "log"
        words: list[str | Path] = [JSON_SERVER, "--quiet", "--host", "127.0.0.1", "--port", str(port), file]
        with running(words, log, folder=file.parent) as process:
            await_port(process, port, log)
            yield Server("json-server", port, Tree(process.pid))


def _find(program: str, install: str) -> str:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which(program, path=path)
    if not found:
        raise Missing(f"{program} was not found. Debian, Ubuntu: {install}")
    return found
