"""What a reader chose of the statistics, from the parameters of a request.

Promises: an address of these choices shows them again, and has only those that its plot reads. Refuses values that cannot be
read; an id that no row has is not refused, because the catalogue may be incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from launchledger.explorer.lists import Refused

PLOTS: Mapping[str, str] = {
    "launches": "Launches a year",
    "success": "Success rate",
    "landings": "Landings of first stages",
    "turnarounds": "Days between launches",
    "people": "People in space",
}
GROUPINGS: Mapping[str, str] = {"provider": "provider", "country": "country", "vehicle": "vehicle", "status": "status"}

_READ = {  # the choices that each plot reads, in the order of its address
    "launches": ("by", "first", "last", "provider", "site"),
    "success": ("first", "last", "provider", "site"),
    "landings": ("first", "last", "provider", "site"),
    "turnarounds": ("pad", "first", "last"),
    "people": ("first", "last"),
}
_NAMES = {"first": "from", "last": "to"}  # parameters that have another name than the choice
_YEAR = re.compile(r"[0-9]{1,4}", re.ASCII)
_KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choices:
    """A plot, what its series are, and to which years (both included), provider, site or pad it is limited."""

    plot: str = "launches"
    by: str = "provider"
    first: int | None = None
    last: int | None = None
    provider: int | None = None
    site: int | None = None
    pad: int | None = None

    def reads(self, name: str) -> bool:
        """Whether this plot depends on a choice."""
        return name in _READ[self.plot]

    @property
    def parameters(self) -> dict[str, str]:
        """Those of the address, without what is chosen if nothing is said."""
        usual = Choices()
        given = {"plot": self.plot} if self.plot != usual.plot else {}
        for name in _READ[self.plot]:
            value = getattr(self, name)
            if value != getattr(usual, name):
                given[_NAMES.get(name, name)] = str(value)
        return given

    @property
    def address(self) -> str:
        """The permalink, relative to the page."""
        return f"?{urlencode(self.parameters)}"

    def but(self, **changes: Any) -> Choices:
        """The same with these changes."""
        return replace(self, **changes)

    @property
    def is_whole(self) -> bool:
        """Whether nothing limits the plot."""
        return self == Choices(self.plot, self.by)


def choices_of(given: Mapping[str, str]) -> Choices:
    """The choices that parameters make; an empty one makes none. Raises Refused."""
    reasons: dict[str, list[str]] = {}

    def one_of(name: str, known: Mapping[str, str]) -> str | None:
        value = given.get(name) or None
        if value is not None and value not in known:
            reasons[name] = [f"One of these is expected: {', '.join(known)}."]
        return value

    def number(name: str, form: re.Pattern[str], expected: str) -> int | None:
        value = given.get(name) or None
        if value is None or (form.fullmatch(value) and int(value) > 0):
            return int(value) if value else None
        reasons[name] = [f"{expected} is expected."]
        return None

    usual = Choices()
    found = Choices(
        one_of("plot", PLOTS) or usual.plot,
        one_of("by", GROUPINGS) or usual.by,
        number("from", _YEAR, "A year from 1 to 9999"),
        number("to", _YEAR, "A year from 1 to 9999"),
        number("provider", _KEY, "The id of an agency"),
        number("site", _KEY, "The id of a location"),
        number("pad", _KEY, "The id of a pad"),
    )
    if found.first and found.last and found.first > found.last:
        reasons["to"] = [f"A year that is not before {found.first} is expected."]
    if reasons:
        raise Refused(reasons)
    return found
