"""Replies put together from documents by their bytes: nothing is parsed, and nothing is written a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from launchledger.contract.encoding import encode
from launchledger.serving.building import fill
from launchledger.serving.render import Address


@dataclass(frozen=True, slots=True)
class Json:
    """A reply's data that is written already."""

    body: bytes


def detail(document: bytes, address: Address) -> Json:
    return Json(fill(document, address))


def page(count: int, next_page: str | None, previous_page: str | None, documents: Sequence[bytes], address: Address) -> Json:
    """A page of a list: `next_page` and `previous_page` are absolute addresses, or None at the ends."""
    head = encode({"count": count, "next": next_page, "previous": previous_page})
    return Json(b"".join((head[:-1], b',"results":[', fill(b",".join(documents), address), b"]}")))
