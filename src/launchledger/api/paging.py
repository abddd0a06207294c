"""Pages as upstream cuts them: `limit` is 10 unless said and never above 100, `offset` from the first row."""

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

LARGEST_OFFSET = 2**31  # rows; beyond it databases refuse, and no page is there anyway


class WirePagination(LimitOffsetPagination):
    default_limit = 10
    max_limit = 100

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), LARGEST_OFFSET)
