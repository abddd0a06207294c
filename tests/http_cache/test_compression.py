"""Which coding a client gets, by its Accept-Encoding, and that every coding can be decompressed."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchledger.http_cache.compression import CODINGS, FORCED, IDENTITY, LEAST, choose, compressed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNDO: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


@pytest.mark.parametrize(
    ("accepted", "choice"),
    [
        ("", IDENTITY),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("deflate", IDENTITY),
        ("zstd;q=0.5, br;q=0.9, gzip;q=0.9", "br"),
        ("zstd;q=0, br;q=0.000, gzip;q=0.001", "gzip"),
        ("br ; q = 0.3 , gzip ; q=0.2", "br"),
        ("identity", IDENTITY),
        ("identity;q=1, gzip;q=0.5", IDENTITY),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0, gzip", f"gzip{FORCED}"),
        ("gzip, *;q=0", f"gzip{FORCED}"),
        ("*", IDENTITY),
        ("*;q=0.1, br;q=0.5", "br"),
        ("*;q=0", IDENTITY),  # takes nothing at all
        ("identity;q=0, *", f"gzip{FORCED}"),
        ("identity;q=0, *, gzip;q=0", f"br{FORCED}"),
        ("identity;q=0", IDENTITY),
        ("gzip;q=2, br;q=x, zstd;q=-1", IDENTITY),
        ("gzip;level=9", IDENTITY),
        (", ,gzip,", "gzip"),
        ("x" * 10_000 + ", gzip", IDENTITY),
    ],
)
def test_the_client_chooses(accepted: str, choice: str) -> None:
    """The coding with the highest weight, of equal ones the cheapest; one that it did not name only if it accepts no other."""
    assert choose(accepted) == choice


@given(st.text(max_size=80))
def test_no_header_raises(accepted: str) -> None:
    """Any value gives a choice."""
    assert choose(accepted).rstrip(FORCED) in {*CODINGS, IDENTITY}


@given(st.binary(max_size=4000).map(lambda part: part * 3), st.sampled_from(sorted(CODINGS)), st.sampled_from(["", FORCED]))
def test_what_is_compressed_comes_back(body: bytes, coding: str, forced: str) -> None:
    """Every coding gives back the bytes. It is used where it gains something or is forced, and not for short replies."""
    sent, used = compressed(body, coding + forced)
    assert UNDO.get(used, bytes)(sent) == body
    if forced:
        assert used == coding
    else:
        assert len(sent) <= len(body)
        assert used == IDENTITY or len(body) >= LEAST


def test_the_same_bytes_come_out_each_time() -> None:
    """Two workers that compress the same reply send the same bytes under the same tag: they contain no time."""
    body = b'{"id":1}' * 500
    for name, coding in CODINGS.items():
        assert coding(body) == coding(body), name
