"""Reading files: nothing depends on how much of a file is looked at in one go, and no file brings an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

from launchledger.ingest import windows
from launchledger.ingest.reading import read_items
from launchledger.ingest.surrounding_text import SurroundingText, examine

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e-05, -2.5e16, 1e300, -0.0])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=10,
)
OBJECTS = st.dictionaries(st.sampled_from(["id", "url", "name", "last_updated", "ł"]), VALUES, max_size=4)
PAGES = st.builds(
    lambda count, results, behind: {"count": count, "results": results, **behind}, NUMBERS, st.lists(VALUES, max_size=4), OBJECTS
)
WRITTEN = st.builds(
    lambda value, escaped, indent: json.dumps(value, ensure_ascii=escaped, indent=indent),
    OBJECTS | PAGES | st.lists(VALUES, max_size=4),
    st.booleans(),
    st.sampled_from([None, 0, 3]),
)
FILES = st.lists(WRITTEN, min_size=1, max_size=3).flatmap(
    lambda texts: st.builds(
        lambda between, start, behind: (start + between.join(texts) + behind).encode(),
        st.sampled_from(["", "\n", "\r\n", " "]),
        st.sampled_from(["", "\ufeff", "\n\n", "GET /2.2.0/pad/ now\n"]),
        st.sampled_from(["", "\n", "x"]),
    )
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file of which a part is missing, or in which a part stands that does not belong there."""
    whole: bytes = draw(FILES)
    begin, end = sorted((draw(st.integers(0, len(whole))), draw(st.integers(0, len(whole)))))
    return whole[:begin] + draw(st.binary(max_size=5)) + whole[end:]


@contextmanager
def chunks_of(size: int) -> Iterator[None]:
    with mock.patch.object(windows, "_CHUNK", size):  # a constant, not behaviour
        yield


def told(text: bytes) -> list[Any]:
    """Everything that reading a file tells, so that it can be compared."""
    return [
        (item.path, repr(item.body), str(item.refusal), item.times, item.size, item.request) for item in read_items(BytesIO(text))
    ]


@given(st.one_of(FILES, damaged(), st.binary()), st.integers(1, 40))
@example(b'{"count": 12.5e+3, "results": []}', 13)
@example(b"[1, -2.5E-7, 12]", 8)
def test_nothing_depends_on_the_size_of_the_window(text: bytes, size: int) -> None:
    """Objects, refusals with their reasons and lines, times and sizes are the same for any size; no file brings an error."""
    whole = told(text)
    with chunks_of(size):
        assert told(text) == whole


@given(OBJECTS | st.lists(VALUES, max_size=4), st.sampled_from([None, 2]))
def test_what_was_written_is_read(value: Any, indent: int | None) -> None:
    """An object is itself, an array its members, whatever they are."""
    text = json.dumps(value, ensure_ascii=False, indent=indent).encode()
    assert [item.body for item in read_items(BytesIO(text))] == (value if isinstance(value, list) else [value])


JUNK = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20) | st.sampled_from(
    ["null", "},", "[INFO] {", '{"a": [1,', '{"', "---", "HTTP/1.1 200 OK\r\nAllow: GET\r\n\r\n", "\x1e",
     "$ curl {a,b} [1]", "// [", "\\"]
)  # fmt: skip


@given(st.lists(JUNK, min_size=2, max_size=5), st.sampled_from(["", "\n", "\r\n"]))
@example(['{"results": [', "]"], "")
@example(['{"a":', '"', "}"], "\n")
def test_good_pages_are_read_whatever_is_between_them(junk: list[str], end: str) -> None:
    """Every object of every page is read. Where something was written between them that is neither blank nor the headers of a
    good reply, there is a complaint, unless it makes the whole valid JSON."""
    objects = [{"id": place, "text": 'a "{['} for place in range(len(junk))]
    pages = [json.dumps({"count": 1, "next": None, "results": [body]}) for body in objects]
    text = "".join(f"{before}{end}{page}\n" for before, page in zip(junk, pages, strict=True))
    found = list(read_items(BytesIO(text.encode())))
    read = [item.body for item in found if not item.refusal]
    assert [body for body in objects if body not in read] == []
    named = [before for before in junk[1:] if _is_named(before) and not set(before) & set('{}[]"')]
    assert sum(item.refusal is not None for item in found) >= bool(named)


def _is_named(text: str) -> bool:
    text_between = SurroundingText(1, at_start=False)
    text_between.add(text)
    return bool(examine(text_between, before_value=True).complaints)
