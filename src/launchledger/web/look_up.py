"""Finding the addresses of a host, and telling public ones from those of private networks.

Promises: a look-up ends within the seconds given, whatever the system's resolver or a stranger's name server does; an address is
public only if the internet leads to it. Refuses as not public: this machine, private and shared networks, link-local addresses
(169.254.169.254 is where clouds keep their secrets), multicast, what is reserved or for documentation, and each of these where it
is written as IPv6 (IPv4-mapped, 6to4, Teredo, the NAT64 networks of RFC 6052 and RFC 8215). Not known is a NAT64 network of an
operator's own.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is assigned to the internet
_NAT64 = IPv6Network("64:ff9b::/96")  # its last 32 bits are an IPv4 address, which is what is reached
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))  # Teredo, 6to4


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host as numbers, in the order to try them. Raises OSError; TimeoutError if it takes longer."""
    found: SimpleQueue[list[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found.put([str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except UnicodeError:  # a label of the name is too long
            found.put(OSError("is not a valid name of a host"))
        except OSError as error:
            found.put(error)

    # The system's function cannot be stopped; a thread that nobody waits for ends when the system gives up.
    Thread(target=ask, name="look-up", daemon=True).start()
    try:
        addresses = found.get(timeout=seconds)
    except Empty:
        raise TimeoutError("the look-up of its name took too long") from None
    if isinstance(addresses, OSError):
        raise addresses
    return addresses


def is_public(address: str) -> bool:
    """Whether the internet leads to this address, which is a number as `look_up` gives it."""
    read = ip_address(address)
    if isinstance(read, IPv4Address):
        return _is_public_ipv4(read)
    if read.ipv4_mapped:
        return _is_public_ipv4(read.ipv4_mapped)
    if read in _NAT64:
        return _is_public_ipv4(IPv4Address(int(read) & 0xFFFFFFFF))
    return _is_public_ipv6(read)


def _is_public_ipv4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_public_ipv6(address: IPv6Address) -> bool:
    return address in _GLOBAL_UNICAST and address.is_global and not any(address in network for network in _TUNNELS)
