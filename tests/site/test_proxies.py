"""Behind a proxy: the client's address, and the scheme, host and prefix of its request."""

from __future__ import annotations

import json
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from launchledger.site.proxies import apply_proxy_headers
from tests.support.calls import within_the_test
from tests.support.wsgi import Served

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "192.0.2.1/32", "2001:db8:ffff::/48")))
PROXY, CLIENT, LIAR = "10.1.2.3", "203.0.113.7", "198.51.100.9"


def _seen(address: str, **headers: str) -> dict[str, Any]:
    return _changed(address, **{f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()})


def _changed(address: str, prefix: str = "", /, **more: str) -> dict[str, Any]:
    """The environment after a request from this address."""
    environ: dict[str, Any] = {
        "REMOTE_ADDR": address,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "inner",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        **more,
    }
    apply_proxy_headers(environ, TRUSTED, prefix)
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
def test_the_client_is_the_first_from_the_right_that_is_not_a_proxy(address: str, forwarded: str, client: str) -> None:
    """Only what a trusted proxy added counts, whatever is left of it."""
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
    """The value of the proxy that the client called counts; a malformed value is ignored."""
    environ = _seen(PROXY, **{"for": forwarded, "proto": scheme, "host": host})
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == seen


def test_headers_of_an_untrusted_sender_are_ignored() -> None:
    """A sender that is not a trusted proxy changes nothing with these headers."""
    environ = _seen(LIAR, **{"for": CLIENT, "proto": "https", "host": "evil.example"})
    assert environ == _changed(LIAR)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_header_raises(address: str, forwarded: str, scheme: str, host: str) -> None:
    """Whatever these headers contain, from any sender, the request goes on."""
    _seen(address, **{"for": forwarded, "proto": scheme, "host": host})
    _seen(PROXY, **{"for": forwarded, "proto": scheme, "host": host})


def test_thousands_of_addresses_are_no_work() -> None:
    """No more addresses are read than MOST_HOPS."""
    assert _seen(PROXY, **{"for": ",".join([CLIENT] + [PROXY] * 10_000)})["REMOTE_ADDR"] == PROXY


ELEMENT = f"for={CLIENT};proto=https;host=ledger.example"


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        (ELEMENT, (CLIENT, "https", "ledger.example")),
        (f'For={CLIENT};Proto=HTTPS ; host="ledger.example:8443"', (CLIENT, "https", "ledger.example:8443")),
        ('for="[2001:db8::7]:4711";proto=https;host="[2001:db8::1]"', ("2001:db8::7", "https", "[2001:db8::1]")),
        (
            f"for={LIAR};host=evil.example;proto=http, {ELEMENT}",
            (CLIENT, "https", "ledger.example"),
        ),  # the client made the first up
        (
            f"for={LIAR};host=evil.example,for={CLIENT}",
            (CLIENT, "http", "inner"),
        ),  # what the proxy leaves out is not the client's
        (f"{ELEMENT}, for=10.9.9.9;proto=http;host=between", (CLIENT, "https", "ledger.example")),
        (f"for={CLIENT};by=203.0.113.43;secret=x", (CLIENT, "http", "inner")),
        ("for=unknown;proto=https", (PROXY, "https", "inner")),
        ('for="_hidden";host=ledger.example', (PROXY, "http", "ledger.example")),
        (f'for="{LIAR}, for={CLIENT};host=ledger.example', (PROXY, "http", "inner")),  # an open quotation mark of the client
        (f'host="a, {ELEMENT}', (PROXY, "http", "inner")),
        ("for", (PROXY, "http", "inner")),
        (f"{'x=1;' * 3000}{ELEMENT}", (PROXY, "http", "inner")),  # too long to be any proxy's
    ],
)
def test_forwarded_is_read(forwarded: str, seen: tuple[str, str, str]) -> None:
    """RFC 7239: each proxy adds an element; a header that does not parse is ignored as a whole."""
    environ = _changed(PROXY, HTTP_FORWARDED=forwarded)
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == seen


def test_forwarded_is_ignored_beside_the_others() -> None:
    """A proxy that writes X-Forwarded- headers passes on a client's Forwarded."""
    for other in ({"HTTP_X_FORWARDED_FOR": CLIENT}, {"HTTP_X_FORWARDED_PROTO": "http"}, {"HTTP_X_FORWARDED_HOST": ""}):
        environ = _changed(PROXY, HTTP_FORWARDED=f"for={LIAR};host=evil.example;proto=https", **other)
        assert environ["REMOTE_ADDR"] == other.get("HTTP_X_FORWARDED_FOR", PROXY)
        assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == ("http", "inner")


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ({"PORT": "8443"}, "inner:8443"),
        ({"PORT": "8443", "HOST": "ledger.example"}, "ledger.example:8443"),
        ({"PORT": "8443", "HOST": "ledger.example:9000"}, "ledger.example:9000"),  # the host names one itself
        ({"PORT": "8443", "HOST": "[2001:db8::1]"}, "[2001:db8::1]:8443"),
        ({"PORT": "443", "PROTO": "https"}, "inner"),
        ({"PORT": "80", "PROTO": "https"}, "inner"),  # of a proxy between the one that ends TLS and us
        ({"PORT": "443"}, "inner"),
        ({"PORT": "0"}, "inner"),
        ({"PORT": "65536"}, "inner"),
        ({"PORT": "8443x"}, "inner"),
        ({"PORT": "6666, 8443"}, "inner:8443"),  # the client made the first up
    ],
)
def test_the_port_is_the_one_that_the_client_called(headers: dict[str, str], host: str) -> None:
    """X-Forwarded-Port completes a host without a port; default ports are left out."""
    environ = _changed(PROXY, **{f"HTTP_X_FORWARDED_{name}": value for name, value in headers.items()})
    assert environ["HTTP_HOST"] == host


@pytest.mark.parametrize(
    ("setting", "header", "path", "seen"),
    [
        ("/ledger", None, "/ledger/2.2.0/", ("/ledger", "/2.2.0/")),
        ("/ledger", None, "/2.2.0/", ("/ledger", "/2.2.0/")),
        ("/ledger", None, "/ledger", ("/ledger", "/")),
        ("/ledger", None, "/ledgers/2.2.0/", ("/ledger", "/ledgers/2.2.0/")),
        ("/ledger", None, "/ledger/ledger/", ("/ledger", "/ledger/")),  # taken off once
        ("", "/ledger", "/2.2.0/", ("/ledger", "/2.2.0/")),
        ("", "/ledger/", "/ledger/2.2.0/", ("/ledger", "/2.2.0/")),
        ("/other", "/a/ledger", "/2.2.0/", ("/a/ledger", "/2.2.0/")),  # this request's own
        ("/other", "/evil, /ledger", "/2.2.0/", ("/ledger", "/2.2.0/")),  # the client made the first up
        ("/other", "//evil.example", "/2.2.0/", ("/other", "/2.2.0/")),
        ("/other", "/a/../b", "/2.2.0/", ("/other", "/2.2.0/")),
        ("/other", "javascript:", "/2.2.0/", ("/other", "/2.2.0/")),
        ("", "/<script>", "/2.2.0/", ("", "/2.2.0/")),
        ("", "/2.2.0", "/2.2.0/", ("", "/2.2.0/")),
        ("", "/x" * 200, "/2.2.0/", ("", "/2.2.0/")),
    ],
)
def test_the_prefix_is_taken_from_the_path(setting: str, header: str | None, path: str, seen: tuple[str, str]) -> None:
    """From the setting, or from a trusted proxy for its request; a path comes with it or without."""
    headers = {} if header is None else {"HTTP_X_FORWARDED_PREFIX": header}
    environ = _changed(PROXY, setting, PATH_INFO=path, **headers)
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == seen


def test_port_prefix_and_forwarded_of_an_untrusted_sender_are_ignored() -> None:
    """A sender that is not a trusted proxy changes nothing with these headers."""
    evil = {"HTTP_X_FORWARDED_PORT": "6666", "HTTP_X_FORWARDED_PREFIX": "/evil"}
    for headers in (evil, {"HTTP_FORWARDED": ELEMENT}):
        assert _changed(LIAR, **headers) == _changed(LIAR)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_other_header_raises(forwarded: str, port: str, prefix: str) -> None:
    """Whatever these headers contain, the request goes on."""
    _changed(PROXY, HTTP_FORWARDED=forwarded)
    _changed(PROXY, HTTP_X_FORWARDED_PORT=port, HTTP_X_FORWARDED_PREFIX=prefix)


@pytest.mark.django_db
def test_addresses_in_replies_are_the_clients(settings: Settings) -> None:
    """From a trusted proxy, `url` and `next` stand on the scheme and host that the client asked for; from others on ours."""
    headers = {"x-forwarded-proto": "https", "x-forwarded-host": "outside.example"}
    for trusted, base in (
        ("127.0.0.1", "https://outside.example"),
        ("10.0.0.0/8", "http://ledger.example"),
        ("", "http://ledger.example"),
    ):
        settings.TRUSTED_PROXIES = (ip_network(trusted),) if trusted else ()
        with within_the_test():
            reply = Served().ask("/2.2.0/", headers=headers, REMOTE_ADDR="127.0.0.1")
        assert json.loads(reply.body)["pad"] == f"{base}/2.2.0/pad/"


@pytest.mark.django_db
def test_a_host_from_a_proxy_must_be_allowed_too(settings: Settings) -> None:
    """A host that is not allowed is refused, also from a trusted proxy."""
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
    settings.ALLOWED_HOSTS = ["ledger.example"]
    for host, forwarded, status in (("inner", "ledger.example", 200), ("ledger.example", "evil.example", 400)):
        with within_the_test():
            reply = Served().ask("/2.2.0/", headers={"host": host, "x-forwarded-host": forwarded}, REMOTE_ADDR="127.0.0.1")
        assert reply.status == status
