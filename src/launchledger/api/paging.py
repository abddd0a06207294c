"""Pages as upstream cuts them: `limit` is 10 unless said and never above 100, `offset` from the first row."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

from launchledger.catalogue.queries.listing import page_of

LARGEST_OFFSET = 2**31  # rows; beyond it databases refuse, and no page is there anyway


class WirePagination(LimitOffsetPagination):
    default_limit = 10
    max_limit = 100

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The keys of the page, and not its rows: documents are found by them."""
        self.request = request
        self.limit = self.get_limit(request) or self.default_limit
        self.offset = self.get_offset(request)
        page = page_of(queryset, self.limit, self.offset)
        self.count = page.count
        self.display_page_controls = self.count > self.limit
        return list(page.keys)

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), LARGEST_OFFSET)
