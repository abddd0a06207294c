"""Connections that end before a deadline, and on request lead to public addresses alone.

The library bounds each step alone: a connection attempt, one read. So a host with many addresses, a head or a body that drips
would have no end. Here every step, from the look-up of the host's name on, has only what is left of the whole time.
The address that is checked is the one that is connected to: the name is looked up once, so a name server that answers
differently a moment later changes nothing. TLS verifies the host's name, not the address.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore2

from launchledger.web.look_up import is_public, look_up

logging.getLogger("httpcore2").setLevel(logging.WARNING)  # at DEBUG it quotes headers, and so a token

NOT_PUBLIC = "its address is of this machine, a private network or another one that is not public"


class Deadline:
    """The end of the time that the current request has."""

    def __init__(self) -> None:
        self._end = 0.0

    def start(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._end

    def left(self, timeout: float | None) -> float:
        """The seconds that the next step may take."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left if timeout is None else min(left, timeout)


class Network(httpcore2.NetworkBackend):
    """Opens connections whose every step ends before the deadline; with `public` to public addresses alone."""

    def __init__(self, deadline: Deadline, *, public: bool = False) -> None:
        self._deadline = deadline
        self._public = public
        self._backend = httpcore2.SyncBackend()
        self._stream: httpcore2.NetworkStream | None = None  # of the newest connection

    def interrupt(self) -> None:
        """End the newest connection, so that who waits for it fails at once."""
        connection: socket.socket | None = self._stream.get_extra_info("socket") if self._stream else None
        if connection is not None:
            with suppress(OSError):  # it has ended already
                connection.shutdown(socket.SHUT_RDWR)

    def opened(self, stream: httpcore2.NetworkStream) -> httpcore2.NetworkStream:
        """Remember a connection, also when TLS has begun on it; returns it with the deadline."""
        self._stream = stream
        return _Stream(stream, self._deadline, self)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of the host that answers; each has its own time."""
        failure: Exception = httpcore2.ConnectError(NOT_PUBLIC if self._public else "has no address")
        for address in self._addresses(host, port, timeout):
            left = self._deadline.left(timeout)
            try:
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return self.opened(stream)
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            found = look_up(host, port, self._deadline.left(timeout))
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None
        return [address for address in found if not self._public or is_public(address)]


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, network: Network) -> None:
        self._stream = stream
        self._deadline = deadline
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = self._deadline.left(timeout)
        return self._network.opened(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
