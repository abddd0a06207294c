"""Names at the desk: those that the wire gives its lists, and those of the rows of choice lists."""

from __future__ import annotations

from typing import Any

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.queries.overview import name_path
from launchledger.history import wording
from launchledger.wire.served import DEFAULT


def name_of_list(model: Any) -> str:
    """The name of the list of a model, such as Agencies; that of a kind that only others show follows from its label."""
    path = DEFAULT.path_of_model.get(model.kind, "")
    if path in DEFAULT.resources and not DEFAULT.resources[path].is_choice_list:
        return DEFAULT.resources[path].summary
    kind = wording.kind(model.kind)
    return f"Choices: {kind}" if path else f"Parts: {kind}"


def choices_of(kind: str) -> list[tuple[str, str]]:
    """The rows of a choice list, by id, with their names; none for kinds whose list may be long."""
    path = DEFAULT.path_of_model.get(kind, "")
    if path not in DEFAULT.resources or not DEFAULT.resources[path].is_choice_list:
        return []
    model = model_of(kind)
    rows = model._default_manager.filter(is_not_deleted(model)).order_by("pk").values_list("pk", name_path(kind))
    return [(str(key), wording.shorten(f"{text or 'unnamed'} ({key})")) for key, text in rows]
