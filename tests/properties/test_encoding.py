"""The fast writer of JSON and upstream's framework agree on every value that this wire can hold."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from launchledger.formats.encoding import encode, encode_indented
from launchledger.wire.values import LARGEST_INTEGER

# Where Python writes a float with an exponent (1e-05, 1e+16) the fast writer writes the same number otherwise (1e-5, 1e16).
# The numbers on this wire are metres, kilograms and kilometres: none is that small or that large.
SMALLEST, LARGEST = 1e-4, 1e16


def _has_no_exponent(number: float) -> bool:
    return number == 0 or SMALLEST <= abs(number) < LARGEST


TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text('\u2028\u2029\u2027\x00\x1f\x7f"\\/ł\U0001f680')
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False).filter(_has_no_exponent)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=15
)
# Of nothing at all the framework makes an empty body; a reply always is something.
REPLIES = VALUES.filter(lambda value: value is not None)


@given(REPLIES)
def test_bytes_are_those_of_the_framework(value: Any) -> None:
    """Byte for byte what JSONRenderer gives."""
    assert encode(value) == JSONRenderer().render(value)


@given(REPLIES)
def test_indented_bytes_are_those_of_the_framework(value: Any) -> None:
    """Byte for byte what the browsable page asks JSONRenderer for."""
    assert encode_indented(value, 4) == JSONRenderer().render(value, "application/json; indent=4")
