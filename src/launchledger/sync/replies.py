"""Replies kept as they came, from the call until their objects are stored, and for a while after.

Promises: a reply that waits for its objects to be stored is never deleted; it is taken in at the next start, so a crash costs no
call. Those that are done are kept for KEPT_REPLIES_AGE and up to KEPT_REPLIES_BYTES (compressed), the newest of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Sum, Window

from launchledger import clock
from launchledger.sync.models import KeptReply, Server
from launchledger.zstandard import zstd

LEVEL = 3  # a page of 100 launches takes 2 ms and becomes a fourteenth; level 6 takes four times as long for a tenth less


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply that waits, with what the caller kept with it."""

    id: int
    request: str
    plan: Any
    at: datetime
    body: bytes


def keep(server: str, request: str, at: datetime, body: bytes, plan: Any = None) -> int:
    """Keep a reply whose objects are not stored yet. Call it in the transaction that records the end of its call."""
    compressed = zstd.compress(body, level=LEVEL)
    Server.objects.get_or_create(name=server)
    kept = KeptReply.objects.create(
        server_id=server,
        request=request,
        plan={} if plan is None else plan,
        at=at,
        length=len(body),
        compressed=len(compressed),
        body=compressed,
    )
    return kept.pk


def waiting() -> Iterator[Kept]:
    """The replies whose objects are not stored yet, the oldest first, each read when it is its turn."""
    for number in list(KeptReply.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)):
        row = KeptReply.objects.get(pk=number)
        yield Kept(row.pk, row.request, row.plan, row.at, zstd.decompress(row.body))


def done(reply: int) -> None:
    """Mark a reply whose objects are stored, in the same transaction, and delete what is too old or too much."""
    KeptReply.objects.filter(pk=reply).update(done_at=clock.now())
    drop_old()


def drop_old() -> None:
    """Delete replies that are done and beyond the bounds."""
    finished = KeptReply.objects.filter(done_at__isnull=False)
    finished.filter(done_at__lt=clock.now() - timedelta(seconds=settings.KEPT_REPLIES_AGE)).delete()
    if (finished.aggregate(size=Sum("compressed"))["size"] or 0) <= settings.KEPT_REPLIES_BYTES:
        return
    sizes = finished.annotate(so_far=Window(Sum("compressed"), order_by=F("pk").desc()))
    beyond = [number for number, size in sizes.values_list("pk", "so_far") if size > settings.KEPT_REPLIES_BYTES]
    KeptReply.objects.filter(pk__in=beyond).delete()
