"""What can be chosen of the statistics, and the permalinks of choices."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from launchledger.explorer.statistics.choices import Choices, choices_of


@pytest.mark.parametrize(
    ("choices", "address"),
    [
        (Choices(), "?"),
        (Choices(by="status", first=1990), "?by=status&from=1990"),
        (Choices("success", last=2020, provider=121, site=12), "?plot=success&to=2020&provider=121&site=12"),
        (Choices("turnarounds", pad=80), "?plot=turnarounds&pad=80"),
        (Choices("people", first=1961, last=1961), "?plot=people&from=1961&to=1961"),
    ],
)
def test_an_address_shows_the_same_choices(choices: Choices, address: str) -> None:
    """It has what differs from what is shown if nothing is chosen."""
    assert choices.address == address
    assert choices_of(dict(parse_qsl(address[1:]))) == choices


def test_an_address_has_only_what_its_plot_reads() -> None:
    """Another plot keeps the years, and not the pad; nothing that is not read limits a plot."""
    assert Choices("turnarounds", first=1990, pad=80).but(plot="people").address == "?plot=people&from=1990"
    assert choices_of({"plot": "people", "pad": "80", "by": "status"}).address == "?plot=people"
