"""A version of the wire as one object: its shapes, what it serves at which path, and how its replies are read.

Promises: everything that depends on a version follows from a Wire; nothing else knows which versions there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from launchledger.wire.fields import Shape
from launchledger.wire.reader import Reader
from launchledger.wire.resources import Resource


@dataclass(frozen=True, eq=False)
class Page:
    """A path that shows one object without an id. `modes` are the words that its parameter `mode` takes."""

    shape: Shape
    summary: str
    description: str
    modes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Wire:
    """One version of the wire.

    `reads` are the versions whose replies it reads, its own among them. `pages` are single pages by their paths.
    All shapes are of this version.
    """

    version: str
    reads: tuple[str, ...]
    shapes: Mapping[str, Shape]
    resources: Mapping[str, Resource]
    pages: Mapping[str, Page]

    @cached_property
    def root(self) -> str:
        """The path below which everything of this version is served; begins and ends in a slash."""
        return f"/{self.version}/"

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.version, self.shapes, self.reads)

    @cached_property
    def model_of_path(self) -> dict[str, str]:
        """The model of the objects at each path."""
        return {path: resource.model for path, resource in self.resources.items()} | {
            path: page.shape.model for path, page in self.pages.items()
        }

    @cached_property
    def path_of_model(self) -> dict[str, str]:
        """The first path at which objects of a model are served; models that only occur inside others have none."""
        return {model: path for path, model in reversed(self.model_of_path.items())}
