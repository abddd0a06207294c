"""The one place where values become JSON bytes.

Promises the bytes that upstream's framework writes: compact, UTF-8 unescaped, keys in the order given, floats with their `.0`,
and U+2028 and U+2029 escaped, as that framework does because JavaScript once could not read them raw. Floats below 1e-4 or
from 1e16 on have another form of exponent (1e-5 for 1e-05); nothing on this wire is that small or large.
"""

import json
import zlib
from typing import Any

import orjson

_LINE_SEPARATOR, _PARAGRAPH_SEPARATOR = "\u2028".encode(), "\u2029".encode()


def encode(value: Any) -> bytes:
    """Write `value`, made of dicts, lists, texts, numbers, booleans and None, as compact JSON."""
    body = orjson.dumps(value)
    if b"\xe2\x80" in body:
        body = body.replace(_LINE_SEPARATOR, b"\\u2028").replace(_PARAGRAPH_SEPARATOR, b"\\u2029")
    return body


def encode_sorted(value: Any) -> bytes:
    """Write `value` as compact JSON with sorted keys: equal values are equal bytes. Not for the wire."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def checksum(value: Any) -> int:
    """A checksum of 32 bits; the value may contain dataclasses, times and durations. Equal values have equal checksums."""
    return zlib.crc32(orjson.dumps(value, default=repr))


def encode_indented(value: Any, indent: int) -> bytes:
    """Write `value` as the browsable page shows it. `indent` is in spaces."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def decode(body: bytes | str) -> Any:
    """Read JSON that this project wrote itself; JSON from outside is read by `ingest.reading`."""
    return orjson.loads(body)
