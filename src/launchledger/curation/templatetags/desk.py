"""What the pages of the desk need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import Library

from launchledger.curation.desk.naming import name_of_list

register = Library()


@register.filter
def of(values: Mapping[str, Any] | None, name: str) -> Any:
    """The value with this key, None if there is none."""
    return (values or {}).get(name)


@register.filter
def desk_list(opts: Any) -> str:
    """The route of the list of a model."""
    return f"desk:{opts.app_label}_{opts.model_name}_changelist"


@register.filter
def desk_add(opts: Any) -> str:
    """The route of the page that adds a row of a model."""
    return f"desk:{opts.app_label}_{opts.model_name}_add"


@register.filter
def desk_name(opts: Any) -> str:
    """The name of the list of a model."""
    return name_of_list(opts.model)
