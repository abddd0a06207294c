"""Field cases of HTTP: what proxies, probes, browsers and people in a hurry send."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client, override_settings

from tests.field.cases import KEPT

LIMITS = Path(__file__).parents[2] / "docs" / "limits.md"


def _script(name: str, base: str) -> str:
    """What a kept script prints when it asks this server."""
    script = KEPT / name
    if not script.is_file() or shutil.which("curl") is None:
        pytest.skip("LAUNCHLEDGER_UPSTREAM names no folder with field-cases, or there is no curl")
    done = subprocess.run(["sh", script], env={**os.environ, "BASE": base}, capture_output=True, text=True, check=False)
    return done.stdout


def test_a_search_for_many_short_words(base: str) -> None:
    """497 times the same letter is one word; 497 different words are refused with a reason, on either database."""
    same = httpx.get(f"{base}/2.2.0/launch/", params={"limit": 1, "search": "a " * 497})
    assert same.status_code == 200
    different = httpx.get(f"{base}/2.2.0/launch/", params={"limit": 1, "search": " ".join(f"{n:03}x" for n in range(497))})
    assert different.status_code == 400
    assert different.json()


def test_the_kept_search_for_many_short_words(base: str) -> None:
    """The same letter, from a shell."""
    assert _script("http-many-short-words.sh", base).strip() in ("200", "400")


@pytest.mark.django_db
@override_settings(ALLOWED_HOSTS=["launches.example.org"])
def test_probes_ask_by_address(client: Client) -> None:
    """Whatever names are allowed: an orchestrator knows the address alone."""
    for path in ("/healthz", "/readyz"):
        assert client.get(path, HTTP_HOST="10.0.0.7:8000").status_code == 200, path
    assert client.get("/2.2.0/pad/", HTTP_HOST="10.0.0.7:8000").status_code == 400


def test_a_host_with_an_underscore(base: str) -> None:
    """The default allows any host, and container networks have such names; addresses in replies use it."""
    reply = httpx.get(f"{base}/2.2.0/", headers={"Host": "launch_library:8000"})
    assert reply.status_code == 200
    assert reply.json()["launch"].startswith("http://launch_library:8000/2.2.0/launch/")


def test_the_kept_host_with_an_underscore(base: str) -> None:
    """The same, from a shell."""
    assert _script("http-host-with-underscore.sh", base).strip().endswith(" 200")


def _allowed(headers: str) -> set[str]:
    return {name.strip().lower() for name in headers.split(",")}


def test_a_preflight_for_what_the_docs_tell_to_send(base: str) -> None:
    """`If-None-Match` for polling, `Cache-Control` as browsers send it on a reload."""
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "cache-control,if-none-match",
    }
    reply = httpx.options(f"{base}/2.2.0/pad/", headers=asked)
    assert reply.status_code == 200
    assert {"cache-control", "if-none-match"} <= _allowed(reply.headers["Access-Control-Allow-Headers"])


def test_the_kept_preflight(base: str) -> None:
    """The same, from a shell."""
    assert {"cache-control", "if-none-match"} <= _allowed(_script("http-preflight-cache-headers.sh", base).partition(":")[2])


def _first_line_and_body(base: str, target: str) -> tuple[str, str]:
    """The reply to a target that no HTTP library would send."""
    there = urlsplit(base)
    assert there.hostname
    assert there.port
    with socket.create_connection((there.hostname, there.port), timeout=20) as connection:
        head = f"GET {target} HTTP/1.1\r\nHost: {there.netloc}\r\nOrigin: https://app.example\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        reply = b""
        while piece := connection.recv(65_536):
            reply += piece
    head, _, body = reply.decode().partition("\r\n\r\n")
    return head.partition("\r\n")[0], body


def _has_the_documented_form(status: str, body: str) -> bool:
    """JSON with a `detail`; or no body, where the limits say that the HTTP server itself refused."""
    if body:
        return '"detail"' in body
    return bool(re.search(rf"\| {status} without a body", LIMITS.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ('/2.2.0/launch/?search="apollo"', "400"),
        ("/2.2.0/launch/?search=<apollo>", "400"),
        ("/2.2.0/launch/?search=apollo 11", "400"),
        ("/2.2.0/launch/?search=" + "a" * 10_000, "414"),
        ("/2.2.0/launch/?search=" + "a" * 70_000, "414"),
    ],
    ids=["quotes", "angles", "space", "10 kB", "70 kB"],
)
def test_what_no_library_sends(base: str, target: str, status: str) -> None:
    """Refused in the documented form, or as the page of limits says why not; and the server goes on."""
    line, body = _first_line_and_body(base, target)
    assert line.split()[1] == status
    assert _has_the_documented_form(status, body)
    assert httpx.get(f"{base}/healthz").status_code == 200


def test_what_the_kept_script_sends(base: str) -> None:
    """The same, from a shell."""
    printed = _script("http-refused-below-the-application.sh", base)
    assert re.findall(r"^HTTP/1.1 (\d+)", printed, re.MULTILINE) == ["400", "414"]
