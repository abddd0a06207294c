"""The walk through what changed last in a list with `last_updated`, from the newest change back to the mark.

Promises: the mark moves only when the walk is whole, so a walk that is cut off loses nothing. An absurd `last_updated`, such as
one far in the future, never becomes the mark.
"""

from __future__ import annotations

from dataclasses import replace

from launchledger.sync.parameters import MARGIN_OF_MARK
from launchledger.sync.plan import OVERLAP
from launchledger.sync.state import Call, News, Page

FUTURE = 3600.0  # upstream's clock may be so far ahead of ours


def begun(news: News, page: Page, at: float) -> News:
    """The news of a list after the first page of a walk through it.

    If there is no mark yet: whatever changes after this page has a later `last_updated` than all of its rows, and whatever
    changed before is on pages to come.
    """
    newest = _newest(page, at)
    if news.mark is not None or newest is None:
        return news
    return replace(news, mark=newest, asked=at)


def advanced(news: News, call: Call, page: Page, at: float) -> News:
    """The news after a page."""
    if news.began is None or not call.offset:
        newest = _newest(page, at)
        top = news.mark if newest is None else newest if news.mark is None else max(newest, news.mark)
        news = replace(news, began=at, top=top, walked=0, tail=())
    if news.tail and not set(news.tail) & set(page.keys):
        return replace(news, walked=max(call.offset - call.limit // 2, 0), tail=())  # rows left meanwhile: a part is asked again
    stamps = [stamp for stamp in page.stamps if stamp is not None]
    reached = news.mark is None or (stamps and min(stamps) < news.mark - MARGIN_OF_MARK)
    if reached or not page.more:
        return replace(news, mark=news.top, asked=news.began, began=None, top=None, walked=0, tail=())
    return replace(news, walked=call.offset + len(page.keys), tail=page.keys[-OVERLAP:])


def _newest(page: Page, at: float) -> float | None:
    return max((stamp for stamp in page.stamps if stamp is not None and stamp <= at + FUTURE), default=None)
