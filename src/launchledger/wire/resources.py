"""The resources of a version of the wire: the path, shapes, order and filters of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from launchledger.wire.fields import Kind, Shape
from launchledger.wire.filters import Filter, by_rule

NORMAL, LIST, DETAILED = "normal", "list", "detailed"
DEFAULT_LIMIT, LARGEST_LIMIT = 10, 100  # objects on a page
LAUNCH_LIST = "launchlist"

When = Literal["", "upcoming", "previous"]


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One path below the version, its list and its detail.

    `modes` maps each mode to the shape of a list's items, normal first; a detail always has the shape `detail`, whatever the
    mode. `description` is a sentence for people. `detail_modes` are the few other shapes that a client can request a detail in.
    `filters` are its query parameters. `search` are the columns that a search looks in, the name if it is empty; None for no
    search. Every word must occur in one of them, in any case; with ^, at its beginning. `ordering` are the columns for which
    `ordering` is declared, id and name if it is empty. Columns of related rows are paths with `__`.

    `time_column` is the column of the time at which it happens; with `when`, the resource is the part of `whole` that is upcoming
    or previous by it, in the list and in the detail.
    """

    path: str
    summary: str
    description: str
    detail: Shape
    modes: Mapping[str, Shape]
    order: tuple[str, ...] = ("id",)
    time_column: str = ""
    when: When = ""
    detail_modes: Mapping[str, Shape] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] | None = ()
    ordering: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The version of the wire that it belongs to."""
        return self.detail.version

    @property
    def whole(self) -> str:
        """The path of the resource that this one is a part of, or its own path."""
        return self.path.removesuffix(f"/{self.when}") if self.when else self.path

    @property
    def model(self) -> str:
        return self.detail.model

    def shape_in(self, mode: str) -> Shape:
        """The shape of a list's items in this mode; normal for a word that is not a mode of the resource."""
        return self.modes.get(mode, self.modes[NORMAL])

    @property
    def tag(self) -> str:
        return self.path.split("/", maxsplit=1)[0]

    @property
    def name(self) -> str:
        """The path as one word: the beginning of operation ids, and a name for files of its replies."""
        return self.path.replace("/", "_")

    @property
    def is_choice_list(self) -> bool:
        """Whether it is a short list of values under `config/`, which rarely changes."""
        return self.tag == "config" and len(self.modes) == 1

    @property
    def has_text_id(self) -> bool:
        return next(field.kind for field in self.detail.fields if field.key == "id") is Kind.TEXT


def with_parts(whole: Resource, upcoming: str, previous: str, hide_recent: str) -> tuple[Resource, ...]:
    """A resource with its two parts and their summaries. Both parts include the last 24 hours (contract, "What those do").

    `hide_recent` is the rule by which `hide_recent_previous` removes those from the upcoming part.
    """
    time, path = whole.time_column, whole.path
    filters = (*whole.filters, *by_rule("hide_recent_previous", hide_recent))
    return (
        whole,
        replace(whole, path=f"{path}/upcoming", summary=upcoming, order=(time, "id"), when="upcoming", filters=filters),
        replace(whole, path=f"{path}/previous", summary=previous, order=(f"-{time}", "id"), when="previous"),
    )
