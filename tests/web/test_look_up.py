"""Which addresses are public, and look-ups that end in time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from launchledger.web import look_up as module
from launchledger.web.client import Bounds, Client, RequestFailed
from launchledger.web.look_up import is_public, look_up
from launchledger.web.network import NOT_PUBLIC
from tests.support.sockets import answering, reply

BOUNDS = Bounds(1000, connect=5, read=5, whole=5)
HELLO = reply(b"hello")
NOBODY = "refused|unreachable|assign"  # with and without IPv6


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_public_addresses(address: str) -> None:
    """Also an IPv4 address in its form for IPv6, and behind the NAT64 network that everybody knows."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",  # shared by the customers of a provider
        "169.254.169.254",  # where clouds keep secrets
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.1.2.3",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::101:101",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    """This machine, private networks, link-local, multicast, reserved; in each form in which they can be written."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0177.0.0.1", "0x7f000001", "0", "[::1]", "[::ffff:127.0.0.1]", "[::]"],
)
def test_no_spelling_leads_to_this_machine(host: str) -> None:
    """The system reads numbers in many forms, and names lead anywhere: what counts is the address that is connected to."""
    with answering(HELLO) as peer:
        with pytest.raises(RequestFailed, match=NOT_PUBLIC) as failure:
            Client(BOUNDS, public=True).request("GET", f"http://{host}:{peer.port}/?secret")
        assert peer.requests == []
    assert "secret" not in str(failure.value)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Addresses of hosts: those of the first look-up, of the second, and so on; the last answers all others."""
    hosts: dict[str, list[list[str]]] = {}

    def answer(host: str, port: int, **options: Any) -> list[Any]:
        found = hosts[host]
        now = found.pop(0) if len(found) > 1 else found[0]
        return [each for address in now for each in socket.getaddrinfo(address, port, **options)]

    _resolve(monkeypatch, answer)
    return hosts


def _resolve(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Any]) -> None:
    """Have the module under test ask `answer` instead of the system."""
    monkeypatch.setattr(module, "socket", SimpleNamespace(getaddrinfo=answer, SOCK_STREAM=socket.SOCK_STREAM))


def test_a_name_that_leads_to_this_machine_is_refused(names: dict[str, list[list[str]]]) -> None:
    """The name itself looks like any other; a client that may go anywhere reaches it."""
    names["hooks.example"] = [["127.0.0.1"]]
    with answering(HELLO) as peer:
        url = f"http://hooks.example:{peer.port}/"
        with pytest.raises(RequestFailed, match=f"hooks.example: {NOT_PUBLIC}"):
            Client(BOUNDS, public=True).request("GET", url)
        assert peer.requests == []
        assert Client(BOUNDS).request("GET", url).body == b"hello"


def test_the_address_that_is_checked_is_connected_to(names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that gives a public address first and this machine a moment later changes nothing: it is asked once.

    The test takes ::1, on which nobody listens, for public.
    """
    monkeypatch.setattr("launchledger.web.network.is_public", lambda address: address == "::1")
    names["hooks.example"] = [["::1"], ["127.0.0.1"]]
    with answering(HELLO) as peer:  # on 127.0.0.1 alone
        url = f"http://hooks.example:{peer.port}/"
        with pytest.raises(RequestFailed, match=NOBODY):
            Client(BOUNDS, public=True).request("GET", url)
        with pytest.raises(RequestFailed, match=NOT_PUBLIC):
            Client(BOUNDS, public=True).request("GET", url)
        names["hooks.example"] = [["127.0.0.1", "::1"]]
        with pytest.raises(RequestFailed, match=NOBODY):
            Client(BOUNDS, public=True).request("GET", url)
        assert peer.requests == []


def test_a_look_up_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that never answers costs the time of a connection, and no more."""
    answered = threading.Event()

    def answer(host: str, port: int, **options: Any) -> list[Any]:
        answered.wait(20)
        raise OSError("nothing")

    _resolve(monkeypatch, answer)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        look_up("slow.example", 80, 0.1)
    with pytest.raises(RequestFailed, match=r"slow\.example: timed out: no connection within 0\.2 seconds"):
        Client(Bounds(1000, connect=0.2)).request("GET", "http://slow.example/")
    answered.set()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("host", ["a" * 64, f"{'a' * 64}.example", "nobody.invalid"])
def test_a_name_that_nobody_has(host: str) -> None:
    """It has one kind of error, also where the name is not one."""
    with pytest.raises(OSError, match=r"."):
        look_up(host, 80, 5)
    with pytest.raises(RequestFailed, match=host):
        Client(BOUNDS).request("GET", f"http://{host}/")
