"""Objects of replies that were refused, set aside so that the rest of their page could be taken in.

Promises: each is there once, with its newest error, the JSON path, the object itself and the version of Launchledger that refused
it; after an upgrade it is tried again, once for each version. An object that is taken in is set aside no more. At most
MOST_OBJECTS, each of at most LONGEST bytes, are kept; of a longer one its error is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from launchledger import __version__, clock
from launchledger.formats.encoding import decode, encode
from launchledger.formats.texts import printable
from launchledger.sync.models import RefusedObject, Server
from launchledger.zstandard import zstd

MOST_OBJECTS = 1_000
LONGEST = 1024 * 1024  # bytes of an object


@dataclass(frozen=True, slots=True)
class SetAside:
    """An object to try again, and where and when it was seen last."""

    id: int
    resource: str
    key: str
    request: str
    at: datetime
    body: Any


def set_aside(server: str, resource: str, body: Any, *, request: str, at: datetime, path: str, reason: str) -> None:
    """Set an object aside, or replace what is known of it."""
    written = encode(body)
    key = key_of(body)
    Server.objects.get_or_create(name=server)
    known = RefusedObject.objects.filter(server_id=server, resource=resource, key=key)
    if not known.exists() and RefusedObject.objects.count() >= MOST_OBJECTS:
        oldest = RefusedObject.objects.order_by("at", "pk").values("pk")[:1]
        RefusedObject.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()
    newest = {
        "request": request,
        "path": printable(path)[:500],
        "reason": printable(reason)[:500],
        "version": __version__,
        "at": at,
        "body": zstd.compress(written) if len(written) <= LONGEST else b"",
    }
    RefusedObject.objects.update_or_create(
        server_id=server, resource=resource, key=key, defaults=newest, create_defaults={**newest, "first_at": clock.now()}
    )


def taken_in(server: str, resource: str, bodies: Iterable[Any]) -> None:
    """Forget those of these objects that were set aside: they were taken in."""
    if RefusedObject.objects.filter(server_id=server, resource=resource).exists():
        keys = [key_of(body) for body in bodies]
        RefusedObject.objects.filter(server_id=server, resource=resource, key__in=keys).delete()


def to_try_again(server: str) -> Iterator[SetAside]:
    """The objects that another version refused, but for those too long to be kept, each once.

    `set_aside` or `taken_in` records how it went.
    """
    refused = RefusedObject.objects.filter(server_id=server).exclude(version=__version__).exclude(body=b"").order_by("pk")
    for number in list(refused.values_list("pk", flat=True)):
        row = RefusedObject.objects.get(pk=number)
        yield SetAside(row.pk, row.resource, row.key, row.request, row.at, decode(zstd.decompress(row.body)))


def counts(server: str) -> dict[str, int]:
    """How many objects of each resource are set aside."""
    found: dict[str, int] = {}
    for resource in RefusedObject.objects.filter(server_id=server).values_list("resource", flat=True):
        found[resource] = found.get(resource, 0) + 1
    return found


def key_of(body: Any) -> str:
    """What identifies an object of a resource: its id, or a digest of one that has no usable id."""
    key = body.get("id") if isinstance(body, dict) else None
    if isinstance(key, int) or (isinstance(key, str) and 0 < len(key) <= 100 and key.isprintable()):
        return str(key)
    return f"digest {blake2b(encode(body), digest_size=16).hexdigest()}"
