"""Connections and processes, in a real server: silent connections are closed, and no process stays behind."""

from __future__ import annotations

import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.conftest import CONNECTIONS
from tests.server.talking import PATIENCE, Address, ask, connect, request, until_closed
from tests.support.processes import database_of_its_own, serving, start

_HEAD = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
_HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(_HEAD, id="half a request"),
        pytest.param(_HEAD + b"\r\n", id="a request, and then nothing"),
        pytest.param(_HTTP_2, id="the beginning of HTTP/2"),
    ],
)
def test_silent_connections_do_not_stop_the_server(server: Address, sent: bytes) -> None:
    """With more of them than the server holds, a new client is answered all the same, because each of them is closed."""
    with ExitStack() as stack:
        silent = [stack.enter_context(connect(server)) for _ in range(CONNECTIONS + 1)]
        for client in silent:
            client.sendall(sent)
        assert ask(server, "/healthz", "Host: a").json == {"status": "ok"}
        for client in silent:
            received = _all_of(client)
            assert received == b"" or received.startswith(b"HTTP/1.1 "), received


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the system has no such limit")
def test_clients_that_do_not_read_do_not_stop_the_server(server: Address) -> None:
    """A client that requests more than the system buffers, and reads nothing, is disconnected too."""
    script = b"GET /static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(CONNECTIONS):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(server)
            client.sendall(script * 20)  # 30 MB to read
        assert ask(server, "/healthz", "Host: a").json == {"status": "ok"}


def _all_of(client: object) -> bytes:
    try:
        return until_closed(client)  # type: ignore[arg-type]
    except ConnectionResetError:
        return b""


def test_http_2_in_the_clear_is_refused(server: Address) -> None:
    """Its beginning is answered by the end of the connection at once, and not by HTTP/2."""
    with connect(server) as client:
        client.sendall(_HTTP_2)
        assert _all_of(client)[:9] in (b"", b"HTTP/1.1 ")


def test_an_active_client_is_not_disconnected(server: Address) -> None:
    """The time begins anew with every reply: a connection may live longer than it may be silent."""
    begun = time.monotonic()
    with connect(server) as client:
        while time.monotonic() - begun < 2:  # twice as long as it may be silent
            client.sendall(_HEAD + b"\r\n")
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        client.sendall(request("/healthz", "Host: a"))
        assert until_closed(client).startswith(b"HTTP/1.1 200")


@pytest.mark.django_db(transaction=True)
def test_workers_end_with_the_first_process(tmp_path: Path) -> None:
    """Killed as by the system when memory runs out, it leaves no process on the port: the next server starts there."""
    with database_of_its_own(tmp_path) as url, serving(url, "--empty", "--workers", "2") as server:
        address = Address.of(server.address)
        kept = connect(address)
        kept.sendall(_HEAD + b"\r\n")
        assert kept.recv(65_536).startswith(b"HTTP/1.1 200")
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        _until_refused(address)
        kept.close()
        with start(url, "serve", "--port", str(address.port), "--empty", "--workers", "1") as next_one:
            assert next_one.stdout is not None
            lines = [next_one.stdout.readline().decode() for _ in range(2)]
            next_one.terminate()
            next_one.communicate()
        assert lines[0].startswith("Launchledger answers on "), lines


def _until_refused(server: Address) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            connect(server).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue
    raise AssertionError("somebody still listens")
