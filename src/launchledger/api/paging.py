"""Pages as upstream cuts them: `limit` is 10 unless said and never above 100, `offset` from the first row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

from launchledger.wire.resources import DEFAULT_LIMIT, LARGEST_LIMIT

LARGEST_OFFSET = 2**31  # rows; beyond it databases refuse, and no page is there anyway


class Cut(NamedTuple):
    """So many rows from an offset on."""

    limit: int
    offset: int

    def next_page(self, url: str, query: Mapping[str, list[str]], total: int) -> str | None:
        """The address of the page after this one, None at the end of so many rows; `url` is the list's own."""
        following = self.offset + self.limit
        return self._page_at(url, query, following) if following < total else None

    def previous_page(self, url: str, query: Mapping[str, list[str]]) -> str | None:
        """The address of the page before this one, None at the beginning."""
        return self._page_at(url, query, max(0, self.offset - self.limit)) if self.offset else None

    def _page_at(self, url: str, query: Mapping[str, list[str]], offset: int) -> str:
        """The request's own parameters by name, always with `limit`, with `offset` unless it is 0."""
        parameters = {**query, "limit": [str(self.limit)], "offset": [str(offset)] if offset else []}
        return f"{url}?{urlencode([(name, value) for name in sorted(parameters) for value in parameters[name]])}"


def cut_asked(asked: Mapping[str, str]) -> Cut:
    """What `limit` and `offset` ask for; what is no number above zero counts as not said."""
    limit = _number(asked.get("limit", "")) or DEFAULT_LIMIT
    return Cut(min(limit, LARGEST_LIMIT), min(_number(asked.get("offset", "")), LARGEST_OFFSET))


def _number(text: str) -> int:
    try:
        return max(0, int(text)) if text else 0
    except ValueError:
        return 0


class PageLinks(LimitOffsetPagination):
    """The links to other pages that the framework draws on its browsable page."""

    def __init__(self, request: Request, cut: Cut, total: int) -> None:
        self.request = request
        self.limit, self.offset = cut
        self.count = total
        self.display_page_controls = total > cut.limit
