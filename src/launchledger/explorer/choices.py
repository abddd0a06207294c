"""Values that the rows of a list have, to choose from: countries and years."""

from __future__ import annotations

from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import listed_rows
from launchledger.documents.listed import listed
from launchledger.explorer.lists import Option, Options
from launchledger.explorer.state import per_state
from launchledger.history.wording import shorten
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # a net beyond is a slip of the pen, or "some day"


@per_state
def texts(path: str, column: str) -> Options:
    """The texts in a column of a resource's listed rows."""
    rows = listed(DEFAULT.resources[path].modes[NORMAL]).order_by().values_list(column, flat=True).distinct()
    return Options([Option(text, shorten(text)) for text in sorted(text for text in rows if text)])


@per_state
def years() -> Options:
    """The years from the first listed launch to the last, the newest first."""
    nets = listed_rows(Launch).filter(net__isnull=False).order_by("net").values_list("net", flat=True)
    first, last = nets.first(), nets.last()
    if first is None or last is None:
        return Options([])
    among = range(max(first.year, _FIRST_YEAR), min(last.year, _LAST_YEAR) + 1)
    return Options([Option(str(year), str(year)) for year in reversed(among)])
