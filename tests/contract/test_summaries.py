"""What a launch in list mode says about its stages."""

from __future__ import annotations

import pytest

from launchledger.contract.summaries import StageRow, landing, landing_success, launcher

NO_LANDING: StageRow = ("B1058", None, None, None)


def stage(success: bool | None, abbrev: str | None = "OCISLY") -> StageRow:
    return ("B1060", 7, abbrev, success)


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([], None),
        ([NO_LANDING], None),
        ([stage(True)], "OCISLY"),
        ([stage(True, None)], None),
        ([NO_LANDING, stage(True)], "OCISLY"),
        ([stage(True), stage(True)], "MX Landing"),
    ],
)
def test_landing_is_the_place_of_the_only_landing(stages: list[StageRow], expected: str | None) -> None:
    """The landing location's abbreviation; several landings have one name for all."""
    assert landing(stages) == expected


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([], None),
        ([NO_LANDING], None),
        ([stage(None)], 0),
        ([stage(True)], 1),
        ([stage(False)], 2),
        ([stage(True), stage(True), NO_LANDING], 1),
        ([stage(False), stage(False)], 2),
        ([stage(True), stage(False)], 3),
        ([stage(True), stage(None)], 0),
    ],
)
def test_landing_success_is_a_number(stages: list[StageRow], expected: int | None) -> None:
    """Null without a landing, 0 while one is open, 1 success, 2 failure, 3 when they differ."""
    assert landing_success(stages) == expected


@pytest.mark.parametrize(
    ("stages", "expected"), [([], None), ([stage(True)], "B1060"), ([stage(True), NO_LANDING], "MX Launchers")]
)
def test_launcher_is_the_only_serial_number(stages: list[StageRow], expected: str | None) -> None:
    """Several launchers have one name for all."""
    assert launcher(stages) == expected
