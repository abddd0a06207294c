"""Single values: what each kind of field accepts, and what no database stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from launchledger.wire.fields import SCALARS, Kind
from launchledger.wire.values import DEEPEST, LARGEST_INTEGER, LONGEST_TEXT, SCALAR_READERS, read_unknown

WRONG: dict[Kind, list[Any]] = {
    Kind.INTEGER: [True, 1.0, "1", [], {}, 2**63, -(2**63), 10**4000],
    Kind.NUMBER: [True, "1.5", [], {}, float("nan"), float("inf"), float("-inf"), 10**400],
    Kind.TEXT: [1, True, 1.5, [], {}, "a\x00b", "\ud800", "\udcff", "x" * (LONGEST_TEXT + 1)],
    Kind.NAME_OF: [1, {}, "a\x00b"],
    Kind.BOOLEAN: [0, 1, "true", [], {}],
    Kind.DATE: [20240101, "2024-02-30", "2024", "a\x00", [], {}],
    Kind.DATE_TIME: [0, "2024-01-01", "2024-02-30T00:00:00Z", [], {}],
    Kind.DURATION: [60, "one hour", "P1Y", [], {}],
}
RIGHT: dict[Kind, list[Any]] = {
    Kind.INTEGER: [0, -1, LARGEST_INTEGER, -LARGEST_INTEGER],
    Kind.NUMBER: [29.0, 7, -0.5],
    Kind.TEXT: ["", "\r\n", "Sławosz \U0001f680", "x" * LONGEST_TEXT],
    Kind.NAME_OF: ["Government", ""],
    Kind.BOOLEAN: [True, False],
    Kind.DATE: ["2024-02-29"],
    Kind.DATE_TIME: ["2024-02-29T00:00:00Z"],
    Kind.DURATION: ["P15DT18H13M38S"],
}


def test_every_kind_of_scalar_has_a_reader() -> None:
    """A kind without one would be read as a structure; and each is tested below."""
    assert set(SCALAR_READERS) == SCALARS == set(WRONG) == set(RIGHT)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in WRONG.items() for value in values], ids=str)
def test_wrong_values_are_refused_in_a_few_words(kind: Kind, value: Any) -> None:
    """Neither is a boolean an integer nor a number a text; the reason fits a line."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - each kind has its own words
        SCALAR_READERS[kind](value)
    assert len(str(refused.value)) < 150
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in RIGHT.items() for value in values], ids=lambda v: str(v)[:30]
)
def test_right_values_are_accepted(kind: Kind, value: Any) -> None:
    """Texts are unchanged, up to the longest that is allowed."""
    assert SCALAR_READERS[kind](value) is not None


def test_a_whole_number_becomes_the_float_it_was() -> None:
    """Some collectors wrote 29.0 as 29; on the wire it has its `.0` again."""
    value = SCALAR_READERS[Kind.NUMBER](29)
    assert (value, type(value)) == (29.0, float)


@pytest.mark.parametrize("value", [None, True, 1, 2.5, "text", {"a": [1, {"b": None}]}, [], {}])
def test_unknown_values_are_stored_as_received(value: Any) -> None:
    """Their meaning is unknown, so they are not changed."""
    assert read_unknown(value) is value


@pytest.mark.parametrize(
    "value",
    ["\ud800", {"\x00": 1}, [[["a\x00"]]], {"a": [float("nan")]}, {"a": {"b": float("inf")}}, [2**64]],
    ids=["surrogate", "key", "NUL", "NaN", "infinity", "integer"],
)
def test_unknown_values_that_no_database_stores_are_refused(value: Any) -> None:
    """One of these would end the whole transaction, on PostgreSQL at least."""
    with pytest.raises(ValueError, match=r"holds a NUL|NaN or|63 bits"):
        read_unknown(value)


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}], ids=["arrays", "objects"])
def test_unknown_values_have_a_bounded_depth(wrap: Callable[[Any], Any]) -> None:
    """A value that only a deep stack could write again is refused."""
    value: Any = None
    for _ in range(DEEPEST - 1):
        value = wrap(value)
    assert read_unknown(value) is value
    with pytest.raises(ValueError, match="levels deep"):
        read_unknown(wrap(value))
