"""Addresses of the launches that a mark of a plot counts."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import get_script_prefix

from launchledger.catalogue.choices import LEFT
from launchledger.explorer.statistics.choices import Choices

_MOST_IDS = 60  # in one address; a mark that counts the launches of more leads to all of its year
_LEFT = ",".join(map(str, LEFT))


def filters_of(choices: Choices) -> str:
    """What limits the launches of these choices but for their years, as parameters of the wire."""
    given = {"lsp__id": choices.provider, "pad__location": choices.site, "pad": choices.pad}
    read = {"lsp__id": "provider", "pad__location": "site", "pad": "pad"}
    return "".join(f"&{name}={key}" for name, key in given.items() if key and choices.reads(read[name]))


class LaunchLists:
    """The addresses of lists of launches, limited as chosen. Made once for a plot, which has hundreds of marks."""

    def __init__(self, choices: Choices) -> None:
        self._list = f"{get_script_prefix()}launches/?when=all"
        self._limits = filters_of(choices)

    def left(self, year: int, name: str = "", ids: Collection[int] = ()) -> str:
        """The launches of a year that left; only those for which the filter of this name finds one of the ids, if it has one."""
        among = f"&{name}={_joined(ids)}" if name and len(ids) <= _MOST_IDS else ""
        if among and f"&{name}=" in self._limits:
            among = ""  # chosen already
        return f"{self._list}&status__ids={_LEFT}&net__year={year}{self._limits}{among}"

    def of_status(self, year: int, statuses: Collection[int]) -> str:
        """The launches of a year with one of these statuses."""
        return f"{self._list}&status__ids={_joined(statuses)}&net__year={year}{self._limits}"

    def crewed(self, when: str) -> str:
        """The launches with a crew for which the parameters hold that say when."""
        return f"{self._list}&is_crewed=true&{when}"

    def of_pad_at(self, pad: int, net: str) -> str:
        """The launch from a pad at a net."""
        return f"{self._list}&status__ids={_LEFT}&pad={pad}&net__gte={net}&net__lte={net}"


def _joined(keys: Collection[int]) -> str:
    return ",".join(map(str, sorted(keys)))
