"""What the pages of the desk need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import Library

register = Library()


@register.filter
def of(values: Mapping[str, Any], name: str) -> Any:
    """The value with this key, None if there is none."""
    return values.get(name)


@register.filter
def desk_list(opts: Any) -> str:
    """The route of the list of a model."""
    return f"desk:{opts.app_label}_{opts.model_name}_changelist"
