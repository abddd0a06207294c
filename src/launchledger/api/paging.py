"""Pages as upstream has them: `limit` is 10 by default and at most 100, `offset` counts from the first row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

from launchledger.wire.resources import DEFAULT_LIMIT, LARGEST_LIMIT

LARGEST_OFFSET = 2**31  # rows; databases refuse larger ones, and no page is there anyway


class Slice(NamedTuple):
    """`limit` rows from `offset` on."""

    limit: int
    offset: int

    def next_page(self, url: str, query: Mapping[str, list[str]], total: int) -> str | None:
        """The address of the page after this one, None at the end of all `total` rows; `url` is the list's own."""
        following = self.offset + self.limit
        return self._page_at(url, query, following) if following < total else None

    def previous_page(self, url: str, query: Mapping[str, list[str]]) -> str | None:
        """The address of the page before this one, None at the beginning."""
        return self._page_at(url, query, max(0, self.offset - self.limit)) if self.offset else None

    def _page_at(self, url: str, query: Mapping[str, list[str]], offset: int) -> str:
        """The request's own parameters by name, always with `limit`, with `offset` unless it is 0."""
        parameters = {**query, "limit": [str(self.limit)], "offset": [str(offset)] if offset else []}
        return f"{url}?{urlencode([(name, value) for name in sorted(parameters) for value in parameters[name]])}"


def requested_slice(parameters: Mapping[str, str]) -> Slice:
    """The slice for `limit` and `offset`; a value that is not a number above zero counts as missing."""
    limit = _number(parameters.get("limit", "")) or DEFAULT_LIMIT
    return Slice(min(limit, LARGEST_LIMIT), min(_number(parameters.get("offset", "")), LARGEST_OFFSET))


def _number(text: str) -> int:
    try:
        return max(0, int(text)) if text else 0
    except ValueError:
        return 0


class PageLinks(LimitOffsetPagination):
    """The links to other pages that the framework draws on its browsable page."""

    def __init__(self, request: Request, page_slice: Slice, total: int) -> None:
        self.request = request
        self.limit, self.offset = page_slice
        self.count = total
        self.display_page_controls = total > page_slice.limit
