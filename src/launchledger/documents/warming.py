"""Rendering every document before the first request, in batches so that writers do not wait long."""

from __future__ import annotations

from collections.abc import Iterator

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.documents.models import Document
from launchledger.documents.reading import documents_of
from launchledger.documents.renderer import Key
from launchledger.documents.store import Rendered, store
from launchledger.wire.fields import Shape
from launchledger.wire.served import WIRES

BATCH = 100  # documents in one transaction
_TRIES = 5  # of a batch that lost to a writer


def shapes() -> list[Shape]:
    """Every shape of a resource, the largest of each first."""
    resources = (resource for wire in WIRES.values() for resource in wire.resources.values())
    return list(dict.fromkeys(shape for resource in resources for shape in (resource.detail, *resource.modes.values())))


def missing(shape: Shape) -> list[Key]:
    """The keys of the rows that have no document of this shape."""
    model = model_of(shape.model)
    there = set(Document.objects.filter(shape=shape.label).values_list("key", flat=True))
    keys = model._default_manager.filter(is_not_deleted(model)).order_by("pk").values_list("pk", flat=True)
    return [key for key in keys if str(key) not in there]


def warm_documents(shape: Shape, keys: list[Key]) -> Iterator[tuple[int, int]]:
    """Render and store these documents; yields for each batch how many rows it had, and how many documents were stored.

    Objects in space have no document. A batch that keeps losing to a writer is skipped and rendered on demand.
    """
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        yield len(batch), _warm_batch(shape, batch)


def _warm_batch(shape: Shape, keys: list[Key]) -> int:
    for _ in range(_TRIES):
        rendered = Rendered()
        with snapshot():
            documents_of(shape, keys, rendered)
        if not rendered.documents or (stored := store(rendered)):
            return stored if rendered.documents else 0
    return 0
