"""How long browsers and caches may reuse replies."""

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
    """A kind that is not named has its default."""
    assert parse_max_ages(text) == ages


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("soon", "'soon' is not a valid age, such as upcoming=15; set each of upcoming, choices, others at most once."),
        ("upcoming=5,", "'' is not a valid age, such as upcoming=15; set each of upcoming, choices, others at most once."),
        ("later=5", "'later=5' is not a valid age, such as upcoming=15; set each of upcoming, choices, others at most once."),
        (
            "others=1,others=2",
            "'others=2' is not a valid age, such as upcoming=15; set each of upcoming, choices, others at most once.",
        ),
        ("others=-1", "'others=-1' is not a valid age, such as upcoming=15; set each of upcoming, choices, others at most once."),
        ("99999999", "99999999 seconds are too many; the limit is 31536000, a year."),
        ("choices=99999999", "99999999 seconds are too many; the limit is 31536000, a year."),
    ],
)
def test_a_wrong_age_is_refused(text: str, complaint: str) -> None:
    """The error names a valid value."""
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        parse_max_ages(text)
