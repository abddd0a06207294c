"""Finding the objects in every form of file that people keep replies in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from launchledger.ingest import reading, windows
from launchledger.ingest.reading import Item, read_items
from tests.support.upstream import SEEDS, needs_upstream

OLD, NEW = "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z"
AT_OLD, AT_NEW = datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
A: dict[str, Any] = {"id": 1, "name": "Sławosz", "last_updated": OLD}
B: dict[str, Any] = {"id": 2, "nested": [{"last_updated": NEW}], "html": "a {\n[b"}
PREFACE = "What this is about.\r\n\r\nGET /2.2.0/pad/?limit=2\r\nHTTP 200 OK\r\nAllow: GET\r\nVary: Accept\r\n\r\n"


def items(text: str | bytes) -> list[Item]:
    return list(read_items(BytesIO(text.encode() if isinstance(text, str) else text)))


def bodies(text: str | bytes) -> list[Any]:
    assert not [item.refusal for item in items(text) if item.refusal]
    return [item.body for item in items(text)]


def complaints(text: str | bytes) -> list[str]:
    return [str(item.refusal) for item in items(text) if item.refusal]


def page(*results: Any, **more: Any) -> dict[str, Any]:
    return {"count": len(results), "next": None, "previous": None, "results": list(results), **more}


def written(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


@pytest.mark.parametrize("indent", [None, 0, 4])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n \t\r\n"])
def test_objects_pages_and_arrays(indent: int | None, ends: str, start: str) -> None:
    """Compact or indented, with any line ends, with or without a byte order mark."""

    def text(value: Any) -> str:
        return start + written(value, indent).replace("\n", ends) + ends

    assert bodies(text(A)) == [A]
    assert bodies(text(page(A, B))) == [A, B]
    assert bodies(text([A, B])) == [A, B]
    assert bodies(text(page())) == bodies(text([])) == []


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n", "", " "])
def test_objects_one_after_another(between: str) -> None:
    """One a line, as `jq -c` writes, or in another way."""
    assert bodies(between.join(written(body) for body in (A, B, A)) + "\n") == [A, B, A]
    assert bodies(between.join(written(body, 2) for body in (A, B, A))) == [A, B, A]


def test_pages_one_after_another() -> None:
    """As when replies are appended to a file; each is as new as itself."""
    text = written(page(A)) + "\n" + written(page(B, A)) + "\n" + written(A)
    assert [(item.path, item.body, item.times.updated) for item in items(text)] == [
        ("$.results[0]", A, AT_OLD),
        ("line 2.results[0]", B, AT_NEW),
        ("line 2.results[1]", A, AT_NEW),
        ("line 3", A, AT_OLD),
    ]


@pytest.mark.parametrize("body", [A, page(A, B), [A, B]], ids=["object", "page", "array"])
@pytest.mark.parametrize("behind", ["", "\n", "\r\n\r\n"])
def test_the_text_of_a_browsable_page(body: Any, behind: str) -> None:
    """What is written before the request line belongs to the page, and the request line names its resource."""
    found = items(PREFACE + written(body, 4) + behind)
    assert [item.body for item in found] == ([A] if body is A else [A, B])
    assert {item.request for item in found} == {"/2.2.0/pad/?limit=2"}


@needs_upstream
@pytest.mark.parametrize("seed", SEEDS, ids=lambda file: file.name[:3])
def test_the_two_pages_this_project_began_with(seed: Any) -> None:
    """Real browsable pages, saved as text."""
    with seed.open("rb") as stream:
        (item,) = read_items(stream)
    assert item.refusal is None
    assert item.request == f"/2.2.0/spacecraft/flight/{item.body['id']}/?format=api"


def test_a_reply_with_its_headers() -> None:
    """As `curl -i` saves it."""
    assert bodies("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + written(A)) == [A]


def test_paths_name_the_place() -> None:
    """From the root of the file, or from the line in a file of several values."""
    assert [item.path for item in items(written(A))] == ["$"]
    assert [item.path for item in items(written([A, B]))] == ["$[0]", "$[1]"]
    assert [item.path for item in items(written(page(A, B)))] == ["$.results[0]", "$.results[1]"]
    assert [item.path for item in items(f"{written(A)}\n\n{written(B)}")] == ["$", "line 3"]


def test_objects_of_a_page_are_as_new_as_the_page() -> None:
    """A reply has one time: its newest `last_updated` counts for all of it, also for the objects before that."""
    assert [item.times.updated for item in items(written(page(A, B, {"id": 3})))] == [AT_NEW] * 3
    assert [item.times.updated for item in items(written(page({"id": 3})))] == [None]


def test_other_objects_are_each_as_new_as_themselves() -> None:
    """An array of replies is not one reply."""
    assert [item.times.updated for item in items(written([A, B, {"id": 3}]))] == [AT_OLD, AT_NEW, None]
    assert [item.times.updated for item in items(written(B))] == [AT_NEW]


def test_results_may_be_anywhere_in_a_page() -> None:
    """The order of keys is not reliable."""
    assert bodies(written({"results": [A, B], "count": 2})) == [A, B]
    assert bodies(written({"id": 1, "results": "none"})) == [{"id": 1, "results": "none"}]


def test_other_values_are_yielded_too() -> None:
    """Identifying refuses them, with their place."""
    assert bodies('[1, "two", null, [3]]') == [1, "two", None, [3]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"", "$: is empty"),
        (b" \r\n\t", "$: is empty"),
        (b"\xef\xbb\xbf", "$: is empty"),
        (b"PK\x03\x04rest", "$: is a zip archive; unpack it first"),
        (b"\x1f\x8b\x08\x00rest", "$: is a gzip archive inside another; unpack it first"),
        (b"\xfd7zXZ\x00rest", "$: is an xz archive; unpack it first"),
        (b"BZh91AY", "$: is a bzip2 archive; unpack it first"),
        (b"SQLite format 3\x00", "$: is an SQLite database, not replies"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "$: is a binary file, not JSON text"),
        ('{"id": 1}'.encode("utf-16"), "$: is UTF-16 text; save it as UTF-8"),
        ('{"id": 1}'.encode("utf-32-be"), "$: is a binary file, not JSON text"),
        (b"<!DOCTYPE html><html>{}</html>", "line 1: is HTML; save the JSON itself (?format=json)"),
        (b"\n <html>\n{}\n</html>", "line 2: is HTML; save the JSON itself (?format=json)"),
        (b"just some text", "$: contains no JSON"),
        (b"\xff\xd9 text", "$: contains no JSON"),
        (b"null", "$: contains no JSON"),
        (b"x" * 300_000 + b"\n{}", "line 1: is not JSON and was left out: '" + "x" * 56 + "..."),
        (b"{} {} ]", "line 1: is not JSON and was left out: ']'"),
        (b"[]\n\nand more", "line 3: is not JSON and was left out: 'and more'"),
        (b"{'id': 1}", "$: contains no JSON"),
        (b'{"id" 1}', "$: is not JSON: '1', expected : (line 1)"),
        (b'{"id": 1 "name": 2}', "$: is not JSON: '\"', expected , or } (line 1)"),
        (b'{"id": 1,}', "$: is not JSON: '}', expected \" (line 1)"),
        (b'{"id": }                    ', "$.id: is not JSON: Expecting value (line 1)"),
        (b'{"id": undefined            }', "$.id: is not JSON: Expecting value (line 1)"),
        (b"[1,]                        ", "$[1]: is not JSON: Expecting value (line 1)"),
        (b"[1\n,2\n,03]", "$: is not JSON: '3', expected , or ] (line 3)"),
        (b'{"id": 1}}', "line 1: is not JSON and was left out: '}'"),
        (b"[", "$[0]: is cut short (line 1)"),
        (b'{"results": [', "$.results[0]: is cut short (line 1)"),
        (b"{", "$: is cut short (line 1)"),
    ],
    ids=repr,
)
def test_a_file_without_a_reply_is_refused(text: bytes, complaint: str) -> None:
    """One complaint that says what it is and, where that helps, what to do."""
    assert complaints(text) == [complaint]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"id": 1, "id": 2}', "$.id"),
        ('{"id": 1, "a": {"b": 1, "b": 1}}', "$.a.b"),
        ('[{"id": 1, "id": 2}]', "$[0].id"),
        ('{"results": [{"a": [{"b": 1, "b": 2}]}]}', "$.results[0].a[0].b"),
        ('{"id": 1}\n{"id": 1, "id": 2}', "line 2.id"),
    ],
)
def test_a_duplicate_key_refuses_its_object(text: str, path: str) -> None:
    """Nobody can say which of the two was meant."""
    assert complaints(text) == [f"{path}: appears twice in one object"]


@pytest.mark.parametrize(
    "text",
    ['{"count": 1, "count": 2, "results": [{"id": 1}]}', '{"results": [], "results": []}', '{"results": [], "a": 1, "a": 1}'],
)
def test_a_duplicate_key_in_a_page_is_reported(text: str) -> None:
    """Once, and without reading the results after it."""
    assert len(complaints(text)) == 1
    assert [item for item in items(text) if not item.refusal] == []


def test_what_is_bad_costs_only_itself() -> None:
    """Objects before and after it are read."""
    bad = '{"id": 5, "id": 6}'
    assert [item.body for item in items(f"[{written(A)}, {bad}, {written(B)}]") if not item.refusal] == [A, B]
    assert [item.body for item in items(f"{written(A)}\n{bad}\n{written(B)}\n") if not item.refusal] == [A, B]


@pytest.mark.parametrize(
    "bad",
    ['{"id": 5', '{"id": 5, "a":', '{"id": 5,', "{", '{"id": 5, "a": "b', '{"id": 5, "a": {"b": [1, 2', '{"id": tru}', "{]"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_broken_line_costs_only_itself(bad: str, place: int) -> None:
    """Where objects are in lines, the next line is a new beginning; whatever the broken one left open."""
    lines = [written(A), written(B)]
    lines.insert(place, bad)
    text = "\n".join([*lines, written(A)])
    assert [item.body for item in items(text) if not item.refusal] == [A, B, A]
    assert len(complaints(text)) == 1


def test_a_broken_object_in_many_lines_is_reported_once() -> None:
    """Its lines are not taken for objects."""
    text = written(page(A, B), 4).replace('"name"', '"name', 1)
    assert len(complaints(text)) == 1


def test_objects_before_a_break_are_read() -> None:
    """A page that was cut short holds whole objects up to there."""
    text = written(page(A, B))
    cut = text[: text.index('"html"')]
    assert [item.body for item in items(cut) if not item.refusal] == [A]
    assert complaints(cut) == ["$.results[1]: is cut short (line 1)"]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_page_cut_at_any_byte_is_refused_there(indent: int | None) -> None:
    """One complaint, and no object that is not whole: at every position of a small page."""
    text = written(page(A, B), indent).encode()
    for end in range(len(text)):
        found = items(text[:end])
        assert [item.body for item in found if not item.refusal] == [A, B][: len(found) - 1], end
        assert sum(item.refusal is not None for item in found) == 1, end
        assert "\n" not in str(found[-1].refusal)


def test_lines_cut_at_any_byte_lose_only_the_last() -> None:
    """As when a download of lines was interrupted."""
    text = f"{written(A)}\n{written(B)}\n{written(A)}".encode()
    for end in range(text.index(b"\n") + 1, len(text)):
        found = items(text[:end])
        whole = 1 + text[:end].count(b"\n", text.index(b"\n") + 1)
        assert [item.body for item in found if not item.refusal][:whole] == [A, B, A][:whole], end
        assert sum(item.refusal is not None for item in found) <= 1, end


def test_an_object_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one of many small values, whose size is only seen in the end."""
    monkeypatch.setattr(reading, "LARGEST_VALUE", 500)
    monkeypatch.setattr(windows, "LARGEST_VALUE", 500)
    small = {f"key {number}": "value" for number in range(100)}
    assert complaints(written(small)) == [f"$: {windows.TOO_LARGE}"]
    assert complaints(written([{"id": 1, "a": "x" * 600}])) == [f"$[0].a: {windows.TOO_LARGE} (line 1)"]
    assert bodies(written(page(*[A] * 100))) == [A] * 100


@pytest.mark.parametrize("start", ["[" * 5_000_000, '{"a":' * 2_000_000, '{"results":[' + "[" * 5_000_000])
def test_ten_megabytes_of_nesting_are_refused(start: str) -> None:
    """At once, and in one line."""
    (complaint,) = complaints(start)
    assert complaint.endswith((": is nested too deeply", f": {windows.TOO_LARGE} (line 1)"))


GOOD = [page(A, B), page(B), page({"id": 3, "name": "{"})]
HEADERS = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Tue, 15 Jul 2025 10:00:00 GMT\r\n\r\n"


def named(text: str) -> list[tuple[str, str]]:
    """The place and the reason of each refusal."""
    return [(item.path, item.refusal.reason) for item in items(text) if item.refusal]


def all_of(*junk: str) -> str:
    """Good pages, each with one of these texts before it, and the last behind."""
    pages = [written(body) for body in GOOD]
    return "".join(part for pair in zip(junk, pages, strict=False) for part in pair) + "".join(junk[len(pages) :])


ALL = [A, B, B, {"id": 3, "name": "{"}]


@pytest.mark.parametrize(
    "silent",
    ["", "\n", "\r\n\r\n", "\x1e", "\n\x1e", "\ufeff", "\n\ufeff", HEADERS, "\r\n" + HEADERS, "HTTP/2 200\nx-a: b\n\n",
     "HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n" + HEADERS, "HTTP/1.1 100 Continue\r\n\r\n" + HEADERS,
     "HTTP/1.1 200 Connection established\r\n\r\n" + HEADERS],
    ids=repr,
)  # fmt: skip
def test_text_of_replies_is_skipped_silently(silent: str) -> None:
    """Blanks, record separators, marks of byte order, and the headers that `curl -i` writes before each reply."""
    assert bodies(all_of(silent, silent, silent)) == ALL
    assert [item.body for item in items(all_of(*[silent] * 3))] == ALL


@pytest.mark.parametrize(
    "junk",
    ["null", "---", ",", "},", "]", "# a comment", "// {a comment}", "$ curl -s https://a.example/?x={a,b}[c]", "me@host:~$ ",
     "1a2f",     "2024-05-03 10:00:00 [INFO] fetched {url} in 3 s", "[2024-05-03 10:00] GET", '"', "<h1>502 Bad Gateway</h1>",
     "undefined",
     "fn() {", "{ echo; }", "\\", "[INFO", "(1/20) [====>   ]", "\x1b[31m", "data: "],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_other_text_is_named_and_skipped(junk: str, end: str) -> None:
    """Text before, between and after good pages: all their objects are read, and each text is named with its line."""
    text = all_of(*["\n" + junk + end] * 4)
    assert [item.body for item in items(text) if not item.refusal] == ALL
    step = 1 + end.count("\n")
    assert {int(path.removeprefix("line ").split("[")[0]) for path, _ in named(text)} >= {2 + step * place for place in range(4)}


def test_headers_of_errors_and_lost_bodies_are_named() -> None:
    """An error is named by its status; so are headers without a reply."""
    error = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n\r\n"
    text = all_of(
        error + '{"detail": "Throttled."}\n' + HEADERS,
        "\nHTTP/1.1 304 Not Modified\n\n" + HEADERS,
        "\n" + HEADERS,
        "\n" + HEADERS,
    )
    assert [item.body for item in items(text) if not item.refusal] == [{"detail": "Throttled."}, *ALL]
    assert named(text) == [
        ("line 1", "is a reply of status 429, an error"),
        ("line 10", "is a reply of status 304 without a body"),
        ("line 22", "is a reply of status 200 without a body"),
    ]  # fmt: skip


def test_a_document_between_pages_is_one_complaint() -> None:
    """The braces in its scripts and styles are ignored."""
    html = '<html>\n<style>a {b: c}</style><script>x = [1, {"a": 1}]</script>\n</html>'
    text = all_of("", f"\n{html}\n")
    assert [item.body for item in items(text) if not item.refusal] == ALL[:3]
    assert named(text) == [("line 2", "is HTML; save the JSON itself (?format=json)")]


@pytest.mark.parametrize("between", [",", ",\n", "\n", " "])
def test_an_array_of_pages(between: str) -> None:
    """Closed or not, one or two of them: each page is read, and is as new as itself."""
    pages = between.join(map(written, GOOD))
    paths = ["$[0].results[0]", "$[0].results[1]", "$[1].results[0]", "$[2].results[0]"]
    if "," in between:
        found = items(f"[{pages}]")
        assert [(item.path, item.body) for item in found] == list(zip(paths, ALL, strict=True))
        assert [item.times.updated for item in found] == [AT_NEW, AT_NEW, AT_NEW, None]
        assert bodies(f"[{pages}][{pages}]") == ALL * 2
    for text in (f"[{pages}", f"[{pages}]\n{pages}"):
        assert [item.body for item in items(text) if not item.refusal] == ALL * (1 + text.count("]\n{"))
        assert named(text) or between == "\n" or "]" in text


@pytest.mark.parametrize(
    ("wrapped", "paths"),
    [
        ({"data": A}, ["$.data"]),
        ({"data": page(A, B)}, ["$.data.results[0]", "$.data.results[1]"]),
        ({"status": "ok", "launches": [A, B], "cached": None}, ["$.launches[0]", "$.launches[1]"]),
        ({"response": page(A, B), "time": 5}, ["$.response.results[0]", "$.response.results[1]"]),
        ({"data": {"response": {"results": [A]}}}, ["$.data.response.results[0]"]),
        ([{"data": page(A)}, {"data": page(B)}], ["$[0].data.results[0]", "$[1].data.results[0]"]),
        (page(page(A)), ["$.results[0].results[0]"]),
    ],
)
@pytest.mark.parametrize("largest", [100, windows.LARGEST_VALUE])
def test_wrapping_is_taken_off(wrapped: Any, paths: list[str], largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page or an object in one more object, or several; also where the whole is too large to be read in one piece."""
    monkeypatch.setattr(windows, "LARGEST_VALUE", largest)
    monkeypatch.setattr(windows, "_CHUNK", 50 if largest == 100 else 256 * 1024)
    found = items(written(wrapped))
    assert [item.path for item in found] == paths
    assert all(item.body in (A, B) for item in found)


def test_other_containers_in_wrapping_are_reported() -> None:
    """A container without objects is left out with a complaint; plain values belong to the wrapping."""
    text = written({"a": 1, "info": {"b": [1]}, "results": [A], "none": []})
    assert [item.body for item in items(text) if not item.refusal] == [A]
    assert named(text) == [("$.info", "holds no object that can be identified, and was left out")]


def test_a_broken_element_costs_only_itself() -> None:
    """Where its brackets match, the elements after it are read, in a page and in an array, on one line."""
    bad = written(B).replace('"id": 2', '"id": 2,,')
    for text in (f'{{"count": 3, "results": [{written(A)}, {bad}, {written(B)}]}}', f"[{written(A)}, {bad}, {written(B)}]"):
        assert [item.body for item in items(text) if not item.refusal] == [A, B]
        assert len(named(text)) == 1


def test_a_page_behind_a_broken_one_is_read_wherever_it_begins() -> None:
    """A download that was cut short and resumed on the same line: the cut one is named, the next is read."""
    whole = written(page(A, B))
    for end in range(1, len(whole)):
        text = whole[:end] + written(page(B))
        assert [item.body for item in items(text) if not item.refusal][-1:] == [B], text
        assert named(text), text


def test_broken_lines_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that open more than they close: each character is decoded a bounded number of times, however many lines there are."""
    line = '{"a": [' + ", ".join(["1"] * 300) + '], "b": ['
    decoded = 0

    class Counting(json.JSONDecoder):
        def raw_decode(self, s: str, idx: int = 0) -> Any:
            nonlocal decoded
            before = idx
            try:
                value, end = super().raw_decode(s, idx)
            except json.JSONDecodeError as error:
                decoded += error.pos - before
                raise
            except RecursionError:
                decoded += len(s) - before
                raise
            decoded += end - before
            return value, end

    monkeypatch.setattr(json, "JSONDecoder", Counting)
    text = f"{line}\n" * 3_000
    found = items(text)
    assert len(found) == 3_000
    assert decoded < 8 * len(text)


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_the_date_of_a_reply_is_read(ends: str) -> None:
    """It is when the server answered."""
    (item,) = items((HEADERS + written({"id": 3})).replace("\r\n", ends))
    assert item.body == {"id": 3}
