"""The lists of objects at the desk: search, filters, and the ways to their pages.

Promises: nothing here writes. Deleted objects are not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin, RelatedFieldListFilter, display
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.queries.overview import name_path
from launchledger.curation.desk.editing import add, edit
from launchledger.curation.desk.naming import choices_of, name_of_list
from launchledger.formats.times import UNKNOWN
from launchledger.history import wording

PAGE = 50  # rows

if TYPE_CHECKING:
    _Admin = ModelAdmin[Any]
else:
    _Admin = ModelAdmin


class ChoiceFilter(RelatedFieldListFilter):
    """A filter by a row of a choice list, by its name."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return choices_of(field.related_model.kind)


class ObjectAdmin(_Admin):
    list_per_page = PAGE
    show_full_result_count = False
    actions = None
    change_list_template = "launchledger/desk/list.html"
    ordering = ("-pk",)

    def __init__(self, model: type[Observed], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        self._name_path = name_path(model.kind)

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("id", "named", "seen_at", "seen_last")

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return ("id", "named")

    def get_search_fields(self, request: HttpRequest) -> Any:
        return (self._name_path,) if self._name_path else ()

    def get_list_filter(self, request: HttpRequest) -> Any:
        return tuple((field.name, ChoiceFilter) for field in self.model._meta.concrete_fields if _is_choice(field))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(is_not_deleted(self.model))
        return rows.select_related(self._name_path.rpartition("__")[0]) if "__" in self._name_path else rows

    @display(description="Name")
    def named(self, row: Any) -> str:
        value = row
        for step in self._name_path.split("__") if self._name_path else ():
            value = getattr(value, step, None)
        return wording.shorten(str(value)) if value and value is not row else "unnamed"

    @display(description="Source")
    def seen_at(self, row: Any) -> str:
        return wording.source(row.source)

    @display(description="Last seen", ordering="observed_at")
    def seen_last(self, row: Any) -> str:
        return wording.minute(row.observed_at) if row.observed_at and row.observed_at > UNKNOWN else "unknown"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_curator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_curator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is a button of the object's page, with a reason

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": name_of_list(self.model), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> Any:
        return edit(self, request, object_id)

    def add_view(self, request: HttpRequest, *_: Any, **__: Any) -> Any:
        return add(self, request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        return edit(self, request, object_id)  # its page has its history


def _is_curator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_curator", False))  # nobody is logged in on the page that logs in


def _is_choice(field: Any) -> bool:
    """Whether a relation leads to a choice list, which is short."""
    related: Any = field.related_model if isinstance(field, ForeignKey) else None
    return related is not None and bool(choices_of(related.kind))
