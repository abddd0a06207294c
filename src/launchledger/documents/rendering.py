"""Rendering documents: rows to bytes, together with everything that the bytes depend on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection

from launchledger.catalogue.queries.statements import Row
from launchledger.documents.plan import OWNER, Select, fetch_rows, plan
from launchledger.documents.references import object_hash
from launchledger.documents.renderer import Address, Json, Key, renderer_of
from launchledger.formats.encoding import encode
from launchledger.wire.fields import Shape

# Every `url` is rendered with the end that most replies have, and with this byte, which no JSON contains, in place of its base.
BASE = b"\x01"
DIGEST = 16  # bytes
# While a value is rendered its base is a random text, which no data contains.
_ADDRESS = Address(secrets.token_hex(16), "/")
_URL = re.compile(rb'(\x01[^"]*)/"')


class DocumentBytes(NamedTuple):
    """An object's bytes, and the beginning of their SHA-256, from which ETags are made without reading the bytes again."""

    body: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A document, the hashes of the objects in it, and whether it can be stored: it is right until one of these objects changes.

    A document with a running duration, as of an object in space, is right for a minute, and is not stored.
    """

    content: DocumentBytes
    objects: frozenset[int]
    is_storable: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One rendered row, a part of a document; `value` is None for a deleted row, which is left out."""

    value: Any
    objects: frozenset[int]
    is_storable: bool


def render(shape: Shape, keys: Collection[Key], address: Address) -> list[Json]:
    """Render the rows with these keys as objects, in the order of the keys; a key without a row is left out.

    Costs `plan(shape).count()` queries at most, whatever the number of keys.
    """
    parts = _assemble(plan(shape, connection.vendor), dict.fromkeys(keys), address)
    return [parts[key][0].value for key in keys if key in parts and parts[key][0].value is not None]


def render_documents(shape: Shape, keys: Collection[Key]) -> dict[Key, RenderedDocument]:
    """Render the rows with these keys, each to its own bytes; a key without a row is left out. Same queries as `render`."""
    parts = _assemble(plan(shape, connection.vendor), dict.fromkeys(keys), _ADDRESS)
    return {
        key: RenderedDocument(_as_document(some[0].value), some[0].objects, some[0].is_storable) for key, some in parts.items()
    }


def _as_document(value: Any) -> DocumentBytes:
    body = encode(value).replace(_ADDRESS.base.encode(), BASE)
    return DocumentBytes(body, sha256(body, usedforsecurity=False).digest()[:DIGEST])


def _assemble(select: Select, keys: Collection[Key], address: Address) -> dict[Key, list[_Part]]:
    """The rendered rows of a SELECT by owner, each with the objects that it shows."""
    rows = fetch_rows(select, keys)
    lists = [
        _assemble(part.select, {row[part.place] for row in rows if row[part.place] is not None}, address) for part in select.lists
    ]
    values = [
        {owner: [part.value for part in parts if part.value is not None] for owner, parts in members.items()} for members in lists
    ]
    render_row = renderer_of(select)
    by_owner: dict[Key, list[_Part]] = {}
    for row in rows:
        if select.deleted is not None and row[select.deleted]:
            by_owner.setdefault(row[OWNER], []).append(_Part(None, _objects_in(select, row), is_storable=True))
            continue
        members = [part for place, of in zip(select.lists, lists, strict=True) for part in of.get(row[place.place], ())]
        part = _Part(
            render_row(row, values, *address),
            _objects_in(select, row).union(*(member.objects for member in members)),
            all(row[place] is None for place in select.running) and all(member.is_storable for member in members),
        )
        by_owner.setdefault(row[OWNER], []).append(part)
    return by_owner


def _objects_in(select: Select, row: Row) -> frozenset[int]:
    return frozenset(object_hash(kind, row[place]) for kind, place in select.reads if row[place] is not None)


@lru_cache(maxsize=64)  # of bounded texts: the hosts and prefixes of a server are few
def filler(address: Address) -> Callable[[bytes], bytes]:
    """The function that turns a document into the bytes of one reply, with the URLs of that reply."""
    base = encode(address.base)[1:-1]
    if address.end == _ADDRESS.end:
        return lambda document: document.replace(BASE, base)
    end = encode(address.end)[1:]
    return lambda document: _URL.sub(lambda url: url[1] + end, document).replace(BASE, base)
