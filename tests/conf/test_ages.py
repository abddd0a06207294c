"""For how long others may keep replies."""

from __future__ import annotations

import re

import pytest

from launchledger.conf.ages import DEFAULT, LONGEST, MaxAges, parse_max_ages


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("0", MaxAges(0, 0, 0)),
        (" 30 ", MaxAges(30, 30, 30)),
        ("upcoming=5", DEFAULT._replace(upcoming=5)),
        ("others=0, choices = 86400", DEFAULT._replace(others=0, choices=86400)),
        ("upcoming=1,choices=2,others=3", MaxAges(1, 2, 3)),
        (str(LONGEST), MaxAges(LONGEST, LONGEST, LONGEST)),
    ],
)
def test_one_number_or_one_for_each_kind(text: str, ages: MaxAges) -> None:
    """What is not told stays as it is without the setting."""
    assert parse_max_ages(text) == ages


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("soon", "soon is no age such as upcoming=15; each of upcoming, choices, others may be told once."),
        ("upcoming=5,", "Nothing is no age such as upcoming=15; each of upcoming, choices, others may be told once."),
        ("later=5", "later=5 is no age such as upcoming=15; each of upcoming, choices, others may be told once."),
        ("others=1,others=2", "others=2 is no age such as upcoming=15; each of upcoming, choices, others may be told once."),
        ("others=-1", "others=-1 is no age such as upcoming=15; each of upcoming, choices, others may be told once."),
        ("99999999", "99999999 seconds are too many; at most 31536000, a year, are possible."),
        ("choices=99999999", "99999999 seconds are too many; at most 31536000, a year, are possible."),
    ],
)
def test_what_is_wrong_is_told(text: str, complaint: str) -> None:
    """With what would be right."""
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        parse_max_ages(text)
