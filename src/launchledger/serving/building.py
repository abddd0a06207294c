"""Making documents: rows to bytes, together with everything that the bytes depend on."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from launchledger.catalogue.queries.fetching import Row, fetch_rows
from launchledger.catalogue.queries.plan import OWNER, Select, plan
from launchledger.contract.encoding import encode
from launchledger.serving.render import Address, Key, renderer_of
from launchledger.serving.uses import number_of

# Addresses are written in parts: these bytes, which no JSON holds, stand for the base and the end of every `url`.
BASE, END = b"\x01", b"\x02"
# While a value is rendered they are texts that no data holds, because nobody knows them.
_TOKEN = secrets.token_hex(16)
_ADDRESS = Address(f"{_TOKEN}base", f"{_TOKEN}end")


@dataclass(frozen=True, slots=True)
class Built:
    """An object's bytes, the numbers of the objects in it, and whether they stay right until one of these changes.

    What is in space has a duration that grows by the minute; such bytes do not last.
    """

    body: bytes
    things: frozenset[int]
    lasts: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One rendered row on the way to a document."""

    value: Any
    things: frozenset[int]
    lasts: bool


def build(shape: str, keys: Collection[Key]) -> dict[Key, Built]:
    """Render the rows with these keys, each to bytes of its own; a key without a row is left out. Costs what `render` costs."""
    parts = _assemble(plan(shape, connection.vendor), dict.fromkeys(keys))
    return {key: Built(_as_document(some[0].value), some[0].things, some[0].lasts) for key, some in parts.items()}


def _as_document(value: Any) -> bytes:
    return encode(value).replace(_ADDRESS.base.encode(), BASE).replace(_ADDRESS.end.encode(), END)


def _assemble(select: Select, keys: Collection[Key]) -> dict[Key, list[_Part]]:
    """The rendered rows of a SELECT by owner, as `render` makes them, each with what it used."""
    rows = fetch_rows(select, keys)
    lists = [_assemble(part.select, {row[part.place] for row in rows if row[part.place] is not None}) for part in select.lists]
    values = [{owner: [part.value for part in parts] for owner, parts in members.items()} for members in lists]
    render_row = renderer_of(select)
    by_owner: dict[Key, list[_Part]] = {}
    for row in rows:
        members = [part for place, of in zip(select.lists, lists, strict=True) for part in of.get(row[place.place], ())]
        part = _Part(
            render_row(row, values, *_ADDRESS),
            _things(select, row).union(*(member.things for member in members)),
            all(row[place] is None for place in select.running) and all(member.lasts for member in members),
        )
        by_owner.setdefault(row[OWNER], []).append(part)
    return by_owner


def _things(select: Select, row: Row) -> frozenset[int]:
    return frozenset(number_of(kind, row[place]) for kind, place in select.reads if row[place] is not None)


def fill(body: bytes, address: Address) -> bytes:
    """The bytes with addresses as one reply writes them."""
    return body.replace(BASE, encode(address.base)[1:-1]).replace(END, encode(address.end)[1:-1])
