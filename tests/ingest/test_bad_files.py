"""Bad input: one clear line with file, path and reason; nothing of that object is written, and the rest goes on."""

from __future__ import annotations

import json
import lzma
import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from launchledger.catalogue.models.agencies import Agency
from launchledger.ingest.finding import Found, files_in
from launchledger.ingest.loading import Instructions, Loader
from launchledger.ingest.reports import Complaint
from launchledger.journal.models import Entry
from tests.support.bodies import HOST, agency

pytestmark = pytest.mark.django_db


def load(*files: Found) -> list[str]:
    complaints: list[Complaint] = []
    loader = Loader(Instructions(), complain=complaints.append)
    for file in files:
        loader.load(file)
    assert loader.report.refusals == len(complaints)
    return [str(complaint) for complaint in complaints]


def loaded() -> set[int]:
    return set(Agency.objects.values_list("pk", flat=True))


def _zip(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.json", content)
    return packed.getvalue()


GOOD = json.dumps(agency(1)).encode()
FILES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "$: is empty"),
    ("not JSON", b'{"id": 1,, "name": 2}', "$: is not JSON"),
    ("cut short", GOOD[:100], "is cut short"),
    ("array cut short", b'[{"id": 1', "$[0]: is cut short"),
    ("nesting", b'{"id": 1, "a": ' + b"[" * 10_000_000, "$.a: is larger than 4 MB"),
    ("nesting that ends", b'{"id": 1, "a": ' + b"[" * 5_000_000 + b"]" * 5_000_000 + b"}", "$.a: is larger than 4 MB"),
    (
        "unknown nesting",
        json.dumps(agency(1))[:-1].encode() + b', "a": ' + b"[" * 200 + b"]" * 200 + b"}",
        "$.a: is nested more than 100",
    ),
    ("zip", _zip(GOOD), "$: is a zip archive"),
    ("xz", lzma.compress(GOOD), "$: is an xz archive"),
    ("HTML", b"<!DOCTYPE html>\n<html><body>{}</body></html>", "line 1: is HTML"),
    ("binary", bytes(range(256)), "$: is a binary file"),
    ("UTF-16", GOOD.decode().encode("utf-16"), "$: is UTF-16 text"),
    ("text", b"Launches of 1961\n", "$: contains no JSON"),
    (
        "throttled",
        b'{"detail": "Request was throttled. Expected available in 3059 seconds."}',
        "$: is an error reply: 'Request",
    ),
    ("no address", b'{"id": 1, "name": "x"}', "$: has no url that identifies it; name its resource with --as RESOURCE"),
    ("text behind", b"[]\nbye", "line 2: is not JSON and was left out: 'bye'"),
]


@pytest.mark.parametrize(("content", "complaint"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_bad_file_is_one_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    """With its name, the place and the reason; the files before and behind it are loaded."""
    bad, before, behind = (tmp_path / name for name in ("bad.bin", "before.json", "behind.json"))
    bad.write_bytes(content)
    before.write_bytes(json.dumps(agency(7)).encode())
    behind.write_bytes(json.dumps(agency(8)).encode())
    (line,) = load(before, bad, behind)
    assert line.startswith(f"{bad}: ")
    assert complaint in line
    assert len(line.splitlines()) == 1
    assert len(line) < len(str(bad)) + 200
    assert loaded() == {7, 8}


OBJECTS: list[tuple[str, str, str]] = [
    ("an id that is text", '"id": "2"', "$[1].id: is text ('2'), expected an integer"),
    ("an id that is a boolean", '"id": true', "$[1].id: is a boolean (True), expected an integer"),
    ("no id", '"name": "x"', "$[1]: has no id"),
    ("another id than in the address", '"id": 3', "$[1].url: names the id '2', but the object's id is 3"),
    ("a wrong type", '"id": 2, "name": ["x"]', "$[1].name: is an array, expected text"),
    (
        "a huge integer",
        '"id": 2, "pending_launches": 9223372036854775808',
        "$[1].pending_launches: is an integer of more than 63 bits",
    ),
    (
        "an endless integer",
        '"id": 2, "pending_launches": ' + "9" * 5_000,
        "$[1].pending_launches: is a number (inf), expected an integer",
    ),
    ("NaN", '"id": 2, "pending_launches": NaN', "$[1].pending_launches: is a number (nan), expected an integer"),
    ("NaN where nobody knows", '"id": 2, "colour": [NaN]', "$[1].colour: is NaN or a number too large to store"),
    ("infinity", '"id": 2, "colour": -1e999', "$[1].colour: is NaN or a number too large to store"),
    ("a NUL", r'"id": 2, "name": "a\u0000b"', "$[1].name: holds a NUL"),
    (
        "half a surrogate pair",
        r'"id": 2, "name": "\ud83d"',
        "$[1].name: holds a NUL, bytes that are not UTF-8 or half a surrogate pair",
    ),
    ("such a key", r'"id": 2, "a\u0000": 1', r"$[1].a\x00: holds a NUL"),
    ("a key with an escape sequence", r'"id": 2, "\u001b[2J\n": NaN', r"$[1].\x1b[2J\n: is NaN"),
    ("a key twice", '"id": 2, "name": "x", "name": "y"', "$[1].name: appears twice in one object"),
    (
        "a nested key twice",
        '"id": 2, "launcher_list": [{"id": 1, "id": 1}]',
        "$[1].launcher_list[0].id: appears twice in one object",
    ),
    (
        "an impossible date",
        '"id": 2, "launcher_list": [{"id": 1, "maiden_flight": "1961-02-30"}]',
        "$[1].launcher_list[0].maiden_flight: '1961-02-30' is not a valid date",
    ),
    ("an endless text", '"id": 2, "name": "' + "x" * 100_001 + '"', "$[1].name: is a text of 100,001 characters"),
    (
        "an endless date",
        '"id": 2, "launcher_list": [{"id": 1, "maiden_flight": "' + "1" * 100_000 + '"}]',
        "$[1].launcher_list[0].maiden_flight: '111",
    ),
]


@pytest.mark.parametrize(("members", "complaint"), [row[1:] for row in OBJECTS], ids=[row[0] for row in OBJECTS])
@pytest.mark.parametrize("in_page", [True, False])
def test_a_bad_object_is_one_line(tmp_path: Path, members: str, complaint: str, in_page: bool) -> None:
    """With its place in the file; nothing of it is written, not even what was good in it, and its neighbours are loaded."""
    url = f'"url": "{HOST}/agencies/2/"'
    text = f"[{json.dumps(agency(1))}, {{{url}, {members}}}, {json.dumps(agency(3))}]"
    file = tmp_path / "bad.json"
    file.write_text(f'{{"results": {text}}}' if in_page else text, encoding="utf-8")
    (line,) = load(file)
    expected = complaint.replace("$[", "$.results[", 1) if in_page else complaint
    assert line.startswith(f"{file}: {expected}")
    assert line.isprintable()
    assert len(line) < len(str(file)) + 250
    assert loaded() == {1, 3}
    assert not Entry.objects.exclude(kind="Agency").exists()


def test_bytes_that_are_not_utf_8_cost_only_their_object(tmp_path: Path) -> None:
    """A file in another encoding loads as far as it is plain."""
    file = tmp_path / "latin.json"
    text = json.dumps([agency(1), agency(2, name="Spoutnik é"), agency(3)], ensure_ascii=False)
    file.write_bytes(text.encode("latin-1"))
    assert load(file) == [
        f"{file}: $[1].name: holds a NUL, bytes that are not UTF-8 or half a surrogate pair, which no database stores"
    ]
    assert loaded() == {1, 3}


def test_a_duplicate_key_in_a_line_costs_only_that_line(tmp_path: Path) -> None:
    """The complaint has the number of the line."""
    file = tmp_path / "lines.json"
    bad = json.dumps(agency(2))[:-1] + ', "name": "x"}'
    file.write_text("\n".join([json.dumps(agency(1)), bad, json.dumps(agency(3))]), encoding="utf-8")
    assert load(file) == [f"{file}: line 2.name: appears twice in one object"]
    assert loaded() == {1, 3}


def test_a_page_cut_at_any_byte_loads_what_is_whole(tmp_path: Path) -> None:
    """At every position: one line at most, no half object, and again the same when it is loaded again."""
    text = json.dumps({"count": 2, "results": [{"id": n, "url": f"{HOST}/agencies/{n}/", "name": "ł"} for n in (1, 2)]}).encode()
    file = tmp_path / "cut.json"
    ends = [place for place in range(len(text)) if text[place : place + 1] == b"}"]
    for end in range(len(text)):
        file.write_bytes(text[:end])
        assert len(load(file)) == 1, end
        assert Agency.objects.count() == sum(end > whole for whole in ends[:2]), end
        assert set(Agency.objects.values_list("name", flat=True)) <= {"ł"}


def test_a_sparse_file_of_two_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    """Whether it begins like JSON or not; neither its size in time nor in memory."""
    for number, start in enumerate([b"", b'{"id": 1, "name": "', b"[1, ", b'{"results": [']):
        file = tmp_path / f"sparse{number}.json"
        with file.open("wb") as stream:
            stream.write(start)
            stream.truncate(2 * 1024**3)
        lines = load(file)
        assert 1 <= len(lines) <= 2
        assert loaded() == set()


def test_what_cannot_be_opened_is_a_line(tmp_path: Path) -> None:
    """A file that is missing, a folder in place of a file, a link in a circle."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    reasons = [line.rpartition(": ")[2] for line in load(tmp_path / "missing.json", tmp_path, tmp_path / "loop")]
    assert reasons == ["No such file or directory", "Is a directory", "Too many levels of symbolic links"]


def _forbid(path: Path) -> Path:
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.chmod(0o700)
        pytest.skip("whoever runs this may read everything")
    return path


@pytest.mark.parametrize("make", [lambda path: path.write_bytes(GOOD), lambda path: path.mkdir()], ids=["file", "folder"])
def test_what_may_not_be_read_is_a_line(tmp_path: Path, make: Callable[[Path], Any]) -> None:
    """Also a folder inside a folder, which nobody named."""
    path = tmp_path / "secret"
    make(path)
    _forbid(path)
    (tmp_path / "good.json").write_bytes(GOOD)
    lines = load(*files_in([str(tmp_path)]))
    path.chmod(0o700)
    assert [line.rpartition(": ")[2] for line in lines] == ["Permission denied"]
    assert loaded() == {1}


def test_names_of_files_cannot_break_the_line(tmp_path: Path) -> None:
    """Neither with line ends and escape sequences nor with bytes that are no text; such files load like others."""
    for name in (b"a\nb.json", b"\x1b[31m.json", b"caf\xe9.json"):
        file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        file.write_bytes(b"[1, " + GOOD + b"]")
        (line,) = load(file)
        assert line.isprintable()
        assert line.endswith("$[0]: is not an object")
    assert loaded() == {1}
    assert Agency.objects.get().source.isprintable()


def test_refusals_are_counted_by_resource(tmp_path: Path) -> None:
    """As far as their resource is known."""
    file = tmp_path / "bad.json"
    file.write_text(json.dumps([agency(1, name=5), {"id": 2}]), encoding="utf-8")
    loader = Loader(Instructions())
    loader.load(file)
    loader.load(tmp_path / "missing.json")
    assert {name: dict(counts) for name, counts in loader.report.outcomes.items()} == {
        "agencies": {"refused": 1},
        "?": {"refused": 2},
    }
