"""Making every document ahead of the first question, in batches that no writer waits for long."""

from __future__ import annotations

from collections.abc import Iterator

from launchledger.catalogue.queries.fetching import snapshot
from launchledger.catalogue.queries.plan import model_of
from launchledger.contract.resources import RESOURCES
from launchledger.contract.shapes import SHAPES
from launchledger.serving.documents import show
from launchledger.serving.keeping import Fresh, keep
from launchledger.serving.models import Document
from launchledger.serving.render import Key

BATCH = 100  # documents in one transaction
_TRIES = 5  # of a batch during which somebody wrote


def shapes() -> list[str]:
    """Every shape that replies are made of, the largest of each resource first."""
    found = (shape for resource in RESOURCES.values() for shape in (resource.detail, *resource.modes.values()))
    return list(dict.fromkeys(found))


def missing(shape: str) -> list[Key]:
    """The keys of the rows that have no document of this shape."""
    there = set(Document.objects.filter(shape=shape).values_list("key", flat=True))
    keys = model_of(SHAPES[shape].model)._default_manager.order_by("pk").values_list("pk", flat=True)
    return [key for key in keys if str(key) not in there]


def make(shape: str, keys: list[Key]) -> Iterator[tuple[int, int]]:
    """Make and store these documents; gives after each batch how many rows it had, and how many documents it stored.

    What is in space has none, and a batch in which somebody keeps writing is left for the first who asks.
    """
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        yield len(batch), _make(shape, batch)


def _make(shape: str, keys: list[Key]) -> int:
    for _ in range(_TRIES):
        fresh = Fresh()
        with snapshot():
            show(shape, keys, fresh)
        if not fresh.built or (stored := keep(fresh)):
            return stored if fresh.built else 0
    return 0
