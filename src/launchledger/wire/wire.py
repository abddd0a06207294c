"""A version of the wire as one object: its shapes, its resources by path, and its reader.

Promises: everything that depends on a version is derived from a Wire; no code depends on which versions exist.
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
    """A path that shows one object without an id. `modes` are the values that its parameter `mode` accepts."""

    shape: Shape
    summary: str
    description: str
    modes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Wire:
    """One version of the wire.

    `reads` are the versions whose replies it reads, including its own. `pages` are single pages by path. All shapes are of this
    version.
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
        """The first path at which objects of a model are served; models that are only nested in others have none."""
        return {model: path for path, model in reversed(self.model_of_path.items())}
