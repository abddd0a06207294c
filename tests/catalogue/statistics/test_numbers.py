"""The declaration of derived numbers: it fits the models, and the documentation says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchledger.catalogue.statistics.numbers import FAMILIES, SINCE, Family
from launchledger.wire.v2_2_0 import WIRE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "numbers.md"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: f"{family.model.__name__}.{family.numbers[0].column}")
def test_a_family_fits_its_model_and_the_wire(family: Family) -> None:
    """Every column is there, with its flag; every number is on the wire, and what stands for none is what the shapes allow."""
    columns = {field.name: field for field in family.model._meta.concrete_fields}
    assert set(family.columns) <= columns.keys()
    assert not family.flag or columns[family.flag].default is True
    shown = [shape for shape in WIRE.shapes.values() if shape.model == family.model.__name__]
    for number in family.numbers:
        fields = [field for shape in shown for field in shape.fields if field.column == number.column]
        assert fields, number.column
        assert number.empty is not None or all(field.null for field in fields), number.column
        assert (number.column + SINCE in columns) == number.runs


def test_no_number_is_declared_twice() -> None:
    """One column of one model belongs to one family."""
    declared = [(family.model, column) for family in FAMILIES for column in family.columns]
    assert len(declared) == len(set(declared))


def test_the_documentation_tells_every_number_as_declared() -> None:
    """The table in docs/numbers.md is this declaration, line by line and in its order."""
    expected = [
        f"| `{family.model.__name__}.{number.column}` | {number.meaning} |" for family in FAMILIES for number in family.numbers
    ]
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("| number | what it is |\n|---|---|\n")
    table, _, _ = rest.partition("\n\n")
    assert [line for line in table.splitlines() if line.startswith("|")] == expected
