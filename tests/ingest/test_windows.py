"""Reading values one by one through a window that is smaller than the file."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from launchledger.ingest import windows
from launchledger.ingest.windows import Broken, Window

CHUNKS = pytest.mark.parametrize("chunk", [1, 3, 7, 64, 262_144], indirect=True)


@pytest.fixture
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    size: int = request.param
    monkeypatch.setattr(windows, "_CHUNK", size)
    return size


def window_of(text: str | bytes) -> Window:
    return Window(BytesIO(text.encode() if isinstance(text, str) else text))


@CHUNKS
@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        12345.678,
        1e-05,
        1.5e300,
        -2e16,
        True,
        False,
        None,
        "",
        "Sławosz \U0001f680",
        'a "quoted" \\ \u2028',
        [],
        {},
        [1, [2, [3]]],
        {"a": {"b": [None, {"c": "d"}]}},
    ],
    ids=repr,
)
def test_any_value_is_read_whole(chunk: int, value: Any) -> None:
    """Wherever the window ends: in a number, a word, an escape or a character of several bytes."""
    for escaped in (True, False):
        window = window_of(f"  {json.dumps(value, ensure_ascii=escaped)} , 7")
        assert window.value("$") == (value, None)
        assert window.take(",", "$") == ","
        assert window.value("$") == (7, None)
        assert window.peek() == ""


@CHUNKS
def test_lines_are_counted(chunk: int) -> None:
    """From 1, however far the window has moved."""
    window = window_of('\ufeff[1,\n2,\r\n\n"three"]')
    seen = []
    while window.peek():
        if window.peek() in "[],":
            window.take("[],", "$")
        else:
            value, _ = window.value("$")
            seen.append((value, window.line()))
    assert seen == [(1, 1), (2, 2), ("three", 4)]


@CHUNKS
@pytest.mark.parametrize(
    "text", ['{"a":1', '{"a":', '{"a"', "{", "[1,", "[", '"abc', '"abc\\', '"abc\\u00', '{"a": "b', "", "   "]
)
def test_what_ends_too_early_is_cut_short(chunk: int, text: str) -> None:
    """The error has the line where the text ends."""
    with pytest.raises(Broken, match=r"^\$\.here: is cut short \(line 1\)$"):
        window_of(text).value("$.here")


@CHUNKS
@pytest.mark.parametrize(
    "text",
    ["}", "nul", "'a'", '{"a" 1}                 ', "{a: 1}", "[1 2]                    ", '"\n"', "\ufeff\ufeff1", "{} ,]"[1:]],
)
def test_invalid_json_is_refused(chunk: int, text: str) -> None:
    """The error has the expected text and the line."""
    with pytest.raises(Broken, match=r"^\$: is (not JSON: .*|cut short) \(line [12]\)$"):
        window_of(text).value("$")


def test_an_error_has_its_own_line() -> None:
    """Not the line where the value begins."""
    with pytest.raises(Broken, match=r"not JSON: .*\(line 4\)"):
        window_of('\n{"a": [\n1,\n2 3],\n"b": 1}' + " " * 50).value("$")


@CHUNKS
def test_a_duplicate_key_is_reported(chunk: int) -> None:
    """With its path, the first in the order of the text; and the value is read, so that reading can continue."""
    text = '{"a": [{"b": {"c": 1, "d": 2, "c": 3}}], "e": {"f": 1, "f": 2}} 7'
    window = window_of(text)
    _, refusal = window.value("$")
    assert refusal is not None
    assert str(refusal) == "$.a[0].b.c: appears twice in one object"
    assert window.value("$") == (7, None)


def test_one_duplicate_among_many_keys_is_found_at_once() -> None:
    """Time grows with the size of the object, not with its square: this would take an hour otherwise."""
    keys = [f'"{number}":0' for number in range(200_000)]
    _, refusal = window_of("{" + ",".join([*keys, keys[-1]]) + "}").value("$")
    assert refusal is not None
    assert refusal.path == "$.199999"


def test_numbers_that_json_lacks_are_left_to_the_reader() -> None:
    """So that one bad number costs its own object and not the rest of the file."""
    value, refusal = window_of("[NaN, Infinity, -Infinity, " + "9" * 5_000 + "]").value("$")
    assert refusal is None
    assert all(isinstance(number, float) for number in value)


def test_bytes_that_are_not_utf_8_are_left_to_the_reader() -> None:
    """They come as halves of surrogate pairs, which every reader of text refuses."""
    value, _ = window_of(b'["caf\xe9", "ok"]').value("$")
    assert value == ["caf\udce9", "ok"]


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000])
def test_nesting_without_end_is_refused(text: str) -> None:
    """Before it costs the stack."""
    with pytest.raises(Broken, match="nested too deeply"):
        window_of(text).value("$")


@CHUNKS
@pytest.mark.parametrize("text", ['"' + "x" * 3_000 + '"', "[" + "1," * 1_500 + "1]", '"' + "x" * 9_000, "[" + "1," * 9_000])
def test_a_value_that_is_too_large_is_refused(chunk: int, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it ends or not."""
    monkeypatch.setattr(windows, "LARGEST_VALUE", 2_000)
    with pytest.raises(Broken, match="is larger than"):
        window_of(text).value("$")


def test_a_broken_value_is_reported_without_reading_on() -> None:
    """An error in the middle of the window is not caused by its end."""
    stream = BytesIO(b'{"a" 1}' + b" " * 3_000_000)
    with pytest.raises(Broken, match="not JSON"):
        Window(stream).value("$")
    assert stream.tell() <= 262_144


@CHUNKS
def test_looking_ahead_leaves_no_trace(chunk: int) -> None:
    """After the block the window is where it was: to the line, and to the byte in the middle of a character."""
    window = window_of('["łłłł",\n1,\n{"a": [2]}] 7')
    window.take("[", "$")
    for _ in range(2):
        with window.look_ahead():
            while window.peek():
                window.take("],", "$") if window.peek() in "]," else window.value("$")
    assert window.value("$") == ("łłłł", None)
    assert window.take(",", "$") == ","
    assert window.value("$") == (1, None)
    assert (window.line(), window.take(",", "$")) == (2, ",")
    assert window.value("$") == ({"a": [2]}, None)
    assert window.place == len('["łłłł",\n1,\n{"a": [2]}')
