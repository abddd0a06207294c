"""Loading the starter into an empty catalogue."""

from __future__ import annotations

from launchledger.catalogue.actions.observing import Observation, observe
from launchledger.catalogue.starter import OBSERVED_AT, SOURCE, read_starter
from launchledger.journal.reading import latest_serial
from launchledger.journal.writing import writing


def observe_starter() -> int:
    """Take in the starter if the journal is empty; returns the number of rows that made, else 0."""
    if latest_serial():
        return 0
    records = list(read_starter())
    with writing():
        if latest_serial():  # another process was quicker
            return 0
        observe([Observation(records, SOURCE, OBSERVED_AT)])
    return len(records)
