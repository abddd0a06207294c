"""The samples of deploy/ in the programs that they are for, before a real server: only ports and folders are others."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tools.ports import free_port

SAMPLES = Path(__file__).resolve().parents[2] / "deploy"
PATIENCE = 20.0  # seconds
_MODULES = ("lib/*/varnish/vmods", "lib/varnish/vmods", "lib64/varnish/vmods", "local/lib/varnish/vmods")


class Answer(NamedTuple):
    """A reply: names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_hit(self) -> bool:
        return self.headers["x-cache"] == "HIT"


def ask(server: str, path: str, method: str = "GET", source: str = "127.0.0.1", line: str = "", **headers: str) -> Answer:
    """Ask for a path as nobody in particular: no header is sent but Host and these, `_` standing for `-`, and `line` as it is."""
    parts = urlsplit(server)
    client = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE, source_address=(source, 0))
    try:
        client.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            client.putheader(name.replace("_", "-"), value)
        if line:
            client.putheader(*line.split(": "))
        client.endheaders()
        response = client.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        client.close()


def found(program: str, package: str) -> str:
    """Where a program is; the test is skipped where it is not installed."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    at = shutil.which(program, path=path)
    if at is None:
        pytest.skip(f"no {program} on this machine; Debian, Ubuntu: apt-get install {package}")
    return at


def sample(name: str, *changes: tuple[str, str]) -> str:
    """A sample with each of these texts, which stands there once, replaced by another."""
    text = (SAMPLES / name).read_text(encoding="utf-8")
    for before, now in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, now)
    return text


@contextmanager
def nginx(folder: Path, server: str, locations: str = "") -> Iterator[str]:
    """nginx with the sample before a server, or with these locations; gives the beginning of its addresses."""
    program, port = found("nginx", "nginx-light"), free_port()
    text = (
        f"server {{ listen 127.0.0.1:{port};\n{locations} }}"
        if locations
        else sample(
            "nginx.conf",
            ("/var/cache/nginx/launchledger", str(folder / "cache")),
            ("server 127.0.0.1:8000;", f"server {urlsplit(server).netloc};"),
            ("listen 80;", f"listen 127.0.0.1:{port};"),
        )
    )
    (folder / "launchledger.conf").write_text(text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = " ".join(f"{each}_temp_path {folder}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = f"daemon off; worker_processes 1; pid {folder}/pid; {user} events {{ }}\n"
    whole += f"http {{ access_log off; {temporary} include {folder}/launchledger.conf; }}\n"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    words = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with _running(words, port, folder / "log"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def varnish(folder: Path, server: str, *changes: tuple[str, str]) -> Iterator[str]:
    """Varnish with the sample, changed in these places, before a server; gives the beginning of its addresses."""
    program, port = found("varnishd", "varnish"), free_port()
    text = sample("varnish.vcl", ('.port = "8000"', f'.port = "{urlsplit(server).port}"'), *changes)
    if "import xkey" in text and not any(list(Path("/usr").glob(f"{folder}/libvmod_xkey.so")) for folder in _MODULES):
        pytest.skip("Varnish has no xkey on this machine; Debian, Ubuntu: apt-get install varnish-modules")
    (folder / "varnish.vcl").write_text(text, encoding="utf-8")
    words = [program, "-F", "-j", "none", "-n", str(folder / "varnish"), "-a", f"127.0.0.1:{port}", "-f"]
    words += [str(folder / "varnish.vcl"), "-s", "malloc,64m", "-p", "http_gzip_support=off"]
    with _running(words, port, folder / "log"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(words: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as output, subprocess.Popen(words, stdout=output, stderr=output) as process:
        try:
            for _ in range(600):
                with suppress(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
                    break
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.1)
                    raise AssertionError(log.read_text(encoding="utf-8"))
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)
