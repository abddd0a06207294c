"""Behind a proxy: whom a request comes from, and what it asked for."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from launchledger.site.proxies import see_the_client

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "192.0.2.1/32", "2001:db8:ffff::/48")))
PROXY, CLIENT, LIAR = "10.1.2.3", "203.0.113.7", "198.51.100.9"


def _seen(address: str, **headers: str) -> dict[str, Any]:
    environ: dict[str, Any] = {"REMOTE_ADDR": address, "wsgi.url_scheme": "http", "HTTP_HOST": "inner"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    see_the_client(environ, TRUSTED)
    assert not [name for name in environ if "FORWARDED" in name]
    return environ


@pytest.mark.parametrize(
    ("address", "forwarded", "client"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{LIAR}, {CLIENT}", CLIENT),  # the client made the first one up
        (PROXY, f"{LIAR},{CLIENT}, 192.0.2.1 ,10.9.9.9", CLIENT),  # three proxies in a row
        (PROXY, f"{PROXY}, {CLIENT}", CLIENT),  # a client that pretends to be a proxy
        (PROXY, "10.7.7.7, 10.8.8.8", "10.7.7.7"),  # a client inside the trusted network
        (PROXY, "", PROXY),
        (PROXY, f"{CLIENT}:54321", CLIENT),
        (PROXY, "[2001:db8::7]:54321", "2001:db8::7"),
        (PROXY, "2001:db8::7, [2001:db8:ffff::1]", "2001:db8::7"),
        (PROXY, f"::ffff:{CLIENT}", CLIENT),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        (PROXY, f"{CLIENT}, unknown", PROXY),  # who called that proxy cannot be told, and what is left of it not believed
        (PROXY, f"{CLIENT}, 10.9.9.9, _hidden", PROXY),
        (PROXY, f"{CLIENT}, _hidden, 10.9.9.9", "10.9.9.9"),
        (LIAR, CLIENT, LIAR),  # no proxy of ours
        (LIAR, PROXY, LIAR),
        ("", CLIENT, ""),
        ("unix:", CLIENT, "unix:"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_proxy(address: str, forwarded: str, client: str) -> None:
    """Only what a trusted proxy added is believed, whatever stands left of it."""
    assert _seen(address, **{"for": forwarded})["REMOTE_ADDR"] == client


@pytest.mark.parametrize(
    ("forwarded", "scheme", "host", "seen"),
    [
        (CLIENT, "https", "ledger.example", ("https", "ledger.example")),
        (CLIENT, "HTTPS", "ledger.example:8443", ("https", "ledger.example:8443")),
        (CLIENT, "https", "[2001:db8::1]:443", ("https", "[2001:db8::1]:443")),
        (CLIENT, "http, https", "evil.example, ledger.example", ("https", "ledger.example")),  # the client made the first up
        (f"{CLIENT}, 10.9.9.9", "https, http", "ledger.example, inner-proxy", ("https", "ledger.example")),  # added by both
        (f"{CLIENT}, 10.9.9.9", "https", "ledger.example", ("https", "ledger.example")),  # handed on by the second
        (CLIENT, "", "", ("http", "inner")),
        (CLIENT, "gopher", "a b/c?", ("http", "inner")),
        (CLIENT, "https,", "x@ledger.example", ("http", "inner")),
    ],
)
def test_scheme_and_host_are_what_the_client_asked_for(forwarded: str, scheme: str, host: str, seen: tuple[str, str]) -> None:
    """What the proxy that the client called wrote stands; what has not the form of it is ignored."""
    environ = _seen(PROXY, **{"for": forwarded, "proto": scheme, "host": host})
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == seen


def test_a_stranger_is_not_believed() -> None:
    """Who is no proxy of ours changes nothing by what it sends."""
    environ = _seen(LIAR, **{"for": CLIENT, "proto": "https", "host": "evil.example"})
    assert environ == {"REMOTE_ADDR": LIAR, "wsgi.url_scheme": "http", "HTTP_HOST": "inner"}


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_header_raises(address: str, forwarded: str, scheme: str, host: str) -> None:
    """Whatever stands in these headers, and wherever it comes from, the request goes on."""
    _seen(address, **{"for": forwarded, "proto": scheme, "host": host})
    _seen(PROXY, **{"for": forwarded, "proto": scheme, "host": host})


def test_thousands_of_addresses_are_no_work() -> None:
    """No more addresses are looked at than there are proxies in a row anywhere."""
    assert _seen(PROXY, **{"for": ",".join([CLIENT] + [PROXY] * 10_000)})["REMOTE_ADDR"] == PROXY


@pytest.mark.django_db
def test_addresses_in_replies_are_the_clients(settings: Settings) -> None:
    """From a trusted proxy, `url` and `next` stand on the scheme and host that the client asked for; from others on ours."""
    headers = {"x-forwarded-proto": "https", "x-forwarded-host": "ledger.example"}
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
    assert Client().get("/2.2.0/", headers=headers).json()["pad"] == "https://ledger.example/2.2.0/pad/"
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    assert Client().get("/2.2.0/", headers=headers).json()["pad"] == "http://testserver/2.2.0/pad/"
    settings.TRUSTED_PROXIES = ()
    assert Client().get("/2.2.0/", headers=headers).json()["pad"] == "http://testserver/2.2.0/pad/"


@pytest.mark.django_db
def test_a_host_from_a_proxy_must_be_allowed_too(settings: Settings) -> None:
    """A host that the server does not answer to is refused, whoever names it."""
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
    settings.ALLOWED_HOSTS = ["ledger.example"]
    assert Client().get("/2.2.0/", headers={"host": "inner", "x-forwarded-host": "ledger.example"}).status_code == 200
    assert Client().get("/2.2.0/", headers={"host": "ledger.example", "x-forwarded-host": "evil.example"}).status_code == 400
