"""What the reply that is being made depends on, for caches in front that must be told to forget it when that changes.

Code inside a request says which objects stand in what it makes (`made_of`), and, where it knows, that nothing but these and which
rows of a kind there are decides about the reply (`depends_only_on`). A reply of which the second is never said may depend on
anything. Where nobody notes, nothing is remembered, and nothing need be found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Dependence:
    """Numbers of objects (see `uses`), kinds of rows, and whether these are all that the reply depends on."""

    __slots__ = ("is_all", "kinds", "things")

    def __init__(self) -> None:
        self.things: set[int] = set()
        self.kinds: set[str] = set()
        self.is_all = False


_noted: ContextVar[Dependence | None] = ContextVar("noted", default=None)


def is_noted() -> bool:
    """Whether anyone wants to know: finding out may cost a query."""
    return _noted.get() is not None


def made_of(things: Iterable[int]) -> None:
    """Say that these objects stand in what is being made."""
    dependence = _noted.get()
    if dependence is not None:
        dependence.things.update(things)


def depends_only_on(*kinds: str) -> None:
    """Say that only the objects in it decide what the reply is, and which rows of these kinds there are, in which order."""
    dependence = _noted.get()
    if dependence is not None:
        dependence.kinds.update(kinds)
        dependence.is_all = True


@contextmanager
def noting() -> Iterator[Dependence]:
    """Note what is said inside. An outer note gets it too, but for the word that this is all: that is said of the inner reply."""
    outer, dependence = _noted.get(), Dependence()
    token = _noted.set(dependence)
    try:
        yield dependence
    finally:
        _noted.reset(token)
        if outer is not None:
            outer.things |= dependence.things
            outer.kinds |= dependence.kinds
