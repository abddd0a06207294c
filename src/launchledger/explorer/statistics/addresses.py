"""Addresses of the launches that a mark of a plot counts."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from launchledger.catalogue.choices import LEFT
from launchledger.explorer.statistics.choices import Choices

_MOST_IDS = 60  # in one address; a mark that counts the launches of more leads to all of its year


def launches_address(choices: Choices, year: int | None, statuses: Collection[int] = LEFT, **ids: Collection[int]) -> str:
    """The list of the launches of these statuses in a year, limited as chosen and to these ids by the filter of each name."""
    given = {"when": "all", "net__year": str(year) if year else "", "status__ids": _joined(statuses)}
    if choices.reads("provider") and choices.provider:
        given["lsp__id"] = str(choices.provider)
    if choices.reads("site") and choices.site:
        given["pad__location"] = str(choices.site)
    given |= {name: _joined(keys) for name, keys in ids.items() if len(keys) <= _MOST_IDS}
    return f"{reverse('launches')}?{'&'.join(f'{name}={value}' for name, value in given.items() if value)}"


def _joined(keys: Collection[int]) -> str:
    return ",".join(map(str, sorted(keys)))
