"""The order of names."""

from __future__ import annotations

import pytest

from launchledger.catalogue.sorting import LONGEST, sort_key


@pytest.mark.parametrize(
    "names",
    [
        ["Ad Astra", "Aérospatiale", "Airbus", "ATMOS"],
        ["American Rocket Company", "A.M. Makarov", "Amur"],  # punctuation and spaces say nothing
        ["Astranis", "Astra Space", "ASTRA Zenith"],
        ["ispace", "i-Space", "I-space"],  # the same letters: lower case first
        ["Ariane 5 ECA", "Ariane 5 ECA+", "Ariane 5 G"],  # a sign more comes later
        ["", "1/5", "39A", "576E", "Ångström"],
    ],
)
def test_names_are_ordered_as_people_read_them(names: list[str]) -> None:
    """By letters and digits alone, whatever their case and accents; then by case, then by all else."""
    assert sorted(set(names), key=sort_key) == names


def test_a_long_name_has_a_key_that_indexes_hold() -> None:
    """Names come from outside; a row of PostgreSQL's indexes holds some 2,700 bytes."""
    assert len(sort_key("\U0001f680a" * 50_000)) < 2_000
    assert sort_key("a" * LONGEST + "b") == sort_key("a" * LONGEST + "c")
