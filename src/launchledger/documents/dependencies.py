"""Tracking what a reply depends on, for caches in front of the server that must drop it when that changes.

Code inside a request names the objects in what it makes (`uses_objects`), and, where it knows, says that only these, and which
rows of a kind there are, decide about the reply (`depends_only_on`). A reply of which the second is never said may depend on
anything. Where nothing is tracked, nothing is stored, and nothing must be found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST = 256  # objects that a reply can name; what is made of more may depend on anything


class Dependence:
    """Hashes of objects (see `references`), kinds of rows, and whether these are all that the reply depends on."""

    __slots__ = ("is_all", "kinds", "things")

    def __init__(self) -> None:
        self.things: set[int] = set()
        self.kinds: set[str] = set()
        self.is_all = False


_tracked: ContextVar[Dependence | None] = ContextVar("tracked", default=None)


def is_tracked() -> bool:
    """Whether the reply is tracked: finding out what it uses may cost a query."""
    return _tracked.get() is not None


def uses_objects(things: Iterable[int]) -> None:
    """Name objects that are shown in what is being made, by their hashes."""
    dependence = _tracked.get()
    if dependence is not None:
        dependence.things.update(things)


def depends_only_on(*kinds: str) -> None:
    """Say that only the objects in it decide what the reply is, and which rows of these kinds there are, in which order."""
    dependence = _tracked.get()
    if dependence is not None:
        dependence.kinds.update(kinds)
        dependence.is_all = True


@contextmanager
def tracking() -> Iterator[Dependence]:
    """Track what is made inside. An outer tracking gets the objects and kinds too, but not that these are all."""
    outer, dependence = _tracked.get(), Dependence()
    token = _tracked.set(dependence)
    try:
        yield dependence
    finally:
        _tracked.reset(token)
        if outer is not None:
            outer.things |= dependence.things
            outer.kinds |= dependence.kinds
