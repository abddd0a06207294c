"""JSON bytes as upstream's framework writes them."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.renderers import JSONRenderer

from launchledger.formats.encoding import decode, encode, encode_indented


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"b": 1, "a": None}, b'{"b":1,"a":null}'),
        ([29.0, 7.2, 0.0, -0.5, 420_000.0], b"[29.0,7.2,0.0,-0.5,420000.0]"),
        ("Sławosz", '"Sławosz"'.encode()),
        ('one\r\ntwo\t/ "three" \\ \x7f\x1f', b'"one\\r\\ntwo\\t/ \\"three\\" \\\\ \x7f\\u001f"'),
        ("a\u2028b\u2029c", b'"a\\u2028b\\u2029c"'),
        ("\u2027\u202a\U0001f680", '"\u2027\u202a\U0001f680"'.encode()),
        ({}, b"{}"),
        ([], b"[]"),
    ],
)
def test_values_are_written_as_on_the_wire(value: Any, body: bytes) -> None:
    """Compact, unescaped but for what JSON and old JavaScript need, keys in order, floats with their `.0`."""
    assert encode(value) == body
    assert JSONRenderer().render(value) == body


def test_the_indented_form_keeps_the_same_rules() -> None:
    """The browsable page shows the same texts, one key a line."""
    assert encode_indented({"a": ["ł\u2028"], "b": {}}, 2) == '{\n  "a": [\n    "ł\\u2028"\n  ],\n  "b": {}\n}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_written_as_null(value: float) -> None:
    """No reader of values accepts them; if a row held one all the same, clients would still get JSON."""
    assert encode([value]) == b"[null]"


def test_what_was_written_is_read() -> None:
    """Bytes and text are read alike."""
    value = {"a": [1, 2.5, None, True, "ł\u2028"]}
    assert decode(encode(value)) == decode(encode(value).decode()) == value
