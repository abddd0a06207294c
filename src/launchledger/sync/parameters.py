"""The parameters of calls for the pages of lists: which rows, in which order, and since when they changed."""

from __future__ import annotations

from datetime import UTC, datetime

from launchledger.sync.state import News, Sweep
from launchledger.sync.targets import NEWS_SINCE, Target
from launchledger.wire.resources import LARGEST_LIMIT

MARGIN_OF_MARK = 120.0  # seconds that news are asked for again: upstream may store a time a little after it took it

Parameters = tuple[tuple[str, str], ...]


def page_parameters(target: Target, sweep: Sweep) -> Parameters:
    """Those of the next page of a walk, which begins with the last rows of the page before."""
    if target.is_page:
        return target.parameters
    if sweep.back_to is not None:
        offset = sweep.back_from
    else:
        offset = sweep.walked - len(sweep.tail) if sweep.limit > len(sweep.tail) else sweep.walked
    return _with_place(target.parameters, sweep.limit, max(offset, 0))


def news_parameters(one: News, parameters: Parameters) -> Parameters:
    """These parameters of a list with those of the next page of what changed in it."""
    if one.mark is not None:
        since = datetime.fromtimestamp(max(one.mark - MARGIN_OF_MARK, 0.0), UTC)
        parameters = (*parameters, (NEWS_SINCE, f"{since:%Y-%m-%dT%H:%M:%SZ}"))
    return _with_place(parameters, LARGEST_LIMIT, max(one.walked - len(one.tail), 0))


def _with_place(parameters: Parameters, limit: int, offset: int) -> Parameters:
    return (*parameters, ("limit", str(limit)), *((("offset", str(offset)),) if offset else ()))
