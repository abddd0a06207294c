"""Replies assembled from the bytes of documents: nothing is parsed, and nothing is encoded twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from launchledger.documents.renderer import Address
from launchledger.documents.rendering import DocumentBytes, filler
from launchledger.formats.encoding import encode


@dataclass(frozen=True, slots=True)
class Json:
    """A reply's body as bytes. `digest` identifies them: it is computed from the digests of all parts."""

    body: bytes
    digest: str


def detail(document: DocumentBytes, address: Address) -> Json:
    return Json(filler(address)(document.body), _digest(address, document.digest))


def page(
    count: int, next_page: str | None, previous_page: str | None, documents: Sequence[DocumentBytes], address: Address
) -> Json:
    """A page of a list: `next_page` and `previous_page` are absolute addresses, or None at the ends."""
    head = encode({"count": count, "next": next_page, "previous": previous_page})
    fill = filler(address)
    # Each document by itself: filling a whole page would copy a megabyte once more.
    parts = [part for document in documents for part in (b",", fill(document.body))]
    parts[:1] = [head[:-1], b',"results":[']
    return Json(b"".join((*parts, b"]}")), _digest(address, head, *(document.digest for document in documents)))


def _digest(address: Address, *parts: bytes) -> str:
    digest = _begun(address).copy()
    digest.update(b"\n".join(parts))
    text: str = digest.hexdigest()
    return text


@lru_cache(maxsize=64)  # of bounded texts, as in `filler`
def _begun(address: Address) -> Any:
    """A digest of the address, to which those of the parts are added."""
    return sha256(b"".join(part.encode() + b"\n" for part in address), usedforsecurity=False)
