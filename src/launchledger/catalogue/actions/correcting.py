"""Corrections that belong together: new objects of one's own, and overrides, of several rows.

Promises: one call is one transaction, with one number in the journal, and refuses all where it refuses one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from launchledger.catalogue.actions.creating import create
from launchledger.catalogue.actions.overriding import SOURCE, OverrideRefused, Wanted, override
from launchledger.journal.writing import writing


def correct(new: Sequence[Sequence[Wanted]], changed: Sequence[Wanted], source: str = SOURCE) -> None:
    """Make new objects, each from its columns, in their order, and then overrides, which may lead to them.

    Raises OverrideRefused; its `place` counts the columns of the new objects, and then the overrides.
    """
    with writing():
        place = 0
        for columns in new:
            with _places_from(place):
                create(columns, source)
            place += len(columns)
        if changed:
            with _places_from(place):
                override(changed, source)


@contextmanager
def _places_from(first: int) -> Iterator[None]:
    """Count the place of what is refused from this one on."""
    try:
        yield
    except OverrideRefused as refused:
        raise OverrideRefused(first + refused.place, str(refused)) from None
