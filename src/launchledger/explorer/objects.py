"""Objects for pages, as the wire shows them.

Promises: a page shows what its JSON twin shows, because both are the same document, which is stored for both. Addresses of
objects in it are paths below the version, such as `agencies/121/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404

from launchledger.documents.pages import detail
from launchledger.documents.reading import ReadDocuments
from launchledger.documents.renderer import Address
from launchledger.formats.encoding import decode
from launchledger.wire.fields import Shape
from launchledger.wire.served import DEFAULT

_BELOW_VERSION = Address("", "/")

Shown = dict[str, Any]


class Objects:
    """The objects of one snapshot of the catalogue."""

    def __init__(self, documents: ReadDocuments) -> None:
        self._documents = documents

    def one(self, path: str, key: int | str) -> Shown:
        """The object of a resource with this key, in the shape of its detail. Raises Http404 for one that does not exist."""
        resource = DEFAULT.resources[path]
        for shown in self.some(resource.detail, [key]):
            return shown
        raise Http404(f"{resource.summary}: number {key} is not in this catalogue.")

    def some(self, shape: Shape, keys: Iterable[int | str]) -> list[Shown]:
        """The objects with these keys in one shape, in their order; a key without a row is left out."""
        return [decode(detail(document, _BELOW_VERSION).body) for document in self._documents(shape, list(keys))]
