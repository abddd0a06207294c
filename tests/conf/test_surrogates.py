"""The headers of surrogate keys: what may be set, and what is refused."""

from __future__ import annotations

import pytest

from launchledger.conf.surrogates import parse_surrogate_keys


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        (" ", ()),
        ("Surrogate-Key", ("Surrogate-Key",)),
        ("cache-tag", ("Cache-Tag",)),
        (" Cache-Tag , surrogate-key ", ("Cache-Tag", "Surrogate-Key")),
    ],
)
def test_headers_are_read(text: str, names: tuple[str, ...]) -> None:
    """One, both or none, however they are written."""
    assert parse_surrogate_keys(text) == names


@pytest.mark.parametrize("text", ["xkey", "Surrogate-Key Cache-Tag", "Surrogate-Key,", "Cache-Tag,cache-tag", ",", "X\r\nY"])
def test_other_headers_are_refused(text: str) -> None:
    """Headers that no cache in front reads, and a header twice."""
    with pytest.raises(ValueError, match=r"not one of Surrogate-Key, Cache-Tag|twice"):
        parse_surrogate_keys(text)
