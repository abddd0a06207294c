"""Single values of a reply: which are accepted for each kind of field, and why others are refused.

Promises: every database stores and returns an accepted value; a ValueError gives the reason for a refusal in a few words.
Refuses: wrong types, impossible dates, NUL and half surrogate pairs, integers beyond 64 bits, NaN and infinity, absurd lengths.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from launchledger.formats.texts import shorten
from launchledger.formats.times import parse_date, parse_date_time, parse_duration
from launchledger.wire.fields import Kind

LARGEST_INTEGER = 2**63 - 1
LONGEST_TEXT = 100_000  # characters; the longest that upstream was seen to send has 1,564
DEEPEST = 100  # levels of the value of an unknown key; the deepest reply that upstream was seen to send has 11
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TYPES = {dict: "an object", list: "an array", str: "text", bool: "a boolean", int: "an integer", float: "a number"}


def read_integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"is {describe(value)}, expected an integer")
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise ValueError("is an integer of more than 63 bits")
    return value


def read_number(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        raise ValueError(f"is {describe(value)}, expected a number")
    try:
        written = float(value)
    except OverflowError:
        written = math.inf
    if not math.isfinite(written):
        raise ValueError("is NaN or a number too large to store")
    return written


def read_text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError(f"is {describe(value)}, expected text")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"is a text of {len(value):,} characters, more than {LONGEST_TEXT:,}")
    if not value.isprintable() and _UNSTORABLE.search(value):
        raise ValueError("holds a NUL, bytes that are not UTF-8 or half a surrogate pair, which no database stores")
    return value


def read_boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"is {describe(value)}, expected true or false")
    return value


def read_unknown(value: Any, levels: int = DEEPEST) -> Any:
    """Return the value of an unknown key as received, if every database can store it."""
    if not levels:
        raise ValueError(f"is nested more than {DEEPEST} levels deep")
    if isinstance(value, dict):
        for key, nested in value.items():
            read_text(key)
            read_unknown(nested, levels - 1)
    elif isinstance(value, list):
        for nested in value:
            read_unknown(nested, levels - 1)
    elif value is not None and type(value) is not bool:
        _READERS_OF_TYPES[type(value)](value)
    return value


def _parsed(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: parse(read_text(value))


_READERS_OF_TYPES: dict[type, Callable[[Any], Any]] = {str: read_text, int: read_integer, float: read_number}

SCALAR_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: read_integer,
    Kind.NUMBER: read_number,
    Kind.TEXT: read_text,
    Kind.NAME_OF: read_text,
    Kind.BOOLEAN: read_boolean,
    Kind.DATE: _parsed(parse_date),
    Kind.DATE_TIME: _parsed(parse_date_time),
    Kind.DURATION: _parsed(parse_duration),
}


def describe(value: Any) -> str:
    """Name the type of a value; for scalars with the value itself, shortened to fit a line."""
    if value is None:
        return "null"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return f"{_TYPES[type(value)]} ({shorten(value)})"
