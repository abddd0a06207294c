"""Tracking the dependencies of a reply, so that a cache in front of the server can drop it when one of them changes.

Code inside a request names the objects that the reply shows (`uses_objects`), and, where it knows, declares that the reply
depends on nothing else but which rows of some kinds there are (`depends_only_on`). A reply without this declaration may depend
on anything. Outside `tracking()` these calls do nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_OBJECTS = 256  # that a reply can name; a reply of more may depend on anything


class Dependencies:
    """Hashes of objects (see `references`), kinds of rows, and whether the reply depends on nothing else."""

    __slots__ = ("is_complete", "kinds", "objects")

    def __init__(self) -> None:
        self.objects: set[int] = set()
        self.kinds: set[str] = set()
        self.is_complete = False


_tracked: ContextVar[Dependencies | None] = ContextVar("tracked", default=None)


def is_tracked() -> bool:
    """Whether dependencies are tracked: finding them out may cost a query."""
    return _tracked.get() is not None


def uses_objects(objects: Iterable[int]) -> None:
    """Name objects that the reply shows, by their hashes."""
    dependencies = _tracked.get()
    if dependencies is not None:
        dependencies.objects.update(objects)


def depends_only_on(*kinds: str) -> None:
    """Declare that the reply depends only on the objects in it, and on which rows of these kinds there are, in which order."""
    dependencies = _tracked.get()
    if dependencies is not None:
        dependencies.kinds.update(kinds)
        dependencies.is_complete = True


@contextmanager
def tracking() -> Iterator[Dependencies]:
    """Track inside the block. An outer block gets the objects and kinds too, but not that they are complete."""
    outer, dependencies = _tracked.get(), Dependencies()
    token = _tracked.set(dependencies)
    try:
        yield dependencies
    finally:
        _tracked.reset(token)
        if outer is not None:
            outer.objects |= dependencies.objects
            outer.kinds |= dependencies.kinds
