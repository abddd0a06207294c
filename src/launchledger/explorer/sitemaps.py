"""The addresses of all pages, in parts for search engines.

Promises: only of listed rows; a part has at most IN_PART addresses and costs one query, the index one.
"""

from __future__ import annotations

from collections.abc import Iterator

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.queries.listing import stored_values
from launchledger.catalogue.queries.overview import count
from launchledger.explorer.navigation import SECTIONS, page_of_named, paths_with_pages
from launchledger.explorer.state import per_state
from launchledger.wire.served import DEFAULT

IN_PART = 2_000  # addresses; the protocol allows 50,000, and a part is made for each request
MOST_PARTS = 1_000


def name_of(path: str) -> str:
    """The name of the parts of a resource in addresses."""
    return path.replace("/", "-").replace("_", "-")


def parts() -> Iterator[tuple[str, int]]:
    """The parts: each by its name and number."""
    yield "sections", 1
    for path, rows in _counts().items():
        for number in range(min(-(-rows // IN_PART), MOST_PARTS)):
            yield name_of(path), number + 1


@per_state
def _counts() -> dict[str, int]:
    return count({path: listed_rows(model_of(DEFAULT.resources[path].model)) for path in paths_with_pages()})


def sections() -> list[str]:
    """The paths of the first page and of those of all sections, below the root."""
    return ["", *(section.path for section in SECTIONS)]


def addresses(name: str, number: int) -> list[str]:
    """The paths of the pages of one part, below the root; none where there is no such part."""
    path = next((each for each in paths_with_pages() if name_of(each) == name), "")
    if not path:
        return []
    rows = listed_rows(model_of(DEFAULT.resources[path].model)).order_by("pk")[(number - 1) * IN_PART : number * IN_PART]
    columns = ("pk", "slug") if path == "launch" else ("pk",)
    return [page_of_named(path, key, next(iter(slug), None), "") for key, *slug in stored_values(rows, *columns)]
