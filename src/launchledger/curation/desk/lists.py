"""The lists of objects at the desk: search, filters, and the ways to their pages.

Promises: nothing here writes. Deleted objects are not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.queries.overview import name_path
from launchledger.curation.desk.editing import add, edit
from launchledger.wire.served import DEFAULT

PAGE = 50  # rows

if TYPE_CHECKING:
    _Admin = ModelAdmin[Any]
else:
    _Admin = ModelAdmin


class ObjectAdmin(_Admin):
    list_per_page = PAGE
    show_full_result_count = False
    actions = None

    def __init__(self, model: type[Observed], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        name = name_path(model.kind)
        self.list_display = ("id", *((name,) if name and "__" not in name else ("__str__",)), "source", "observed_at")
        self.list_display_links = self.list_display[:2]
        self.search_fields = (name,) if name else ()
        self.list_filter = tuple(field.name for field in model._meta.concrete_fields if _is_choice(field))
        self.ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.filter(is_not_deleted(self.model))

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

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return edit(self, request, object_id)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return add(self, request)


def _is_curator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_curator", False))  # nobody is logged in on the page that logs in


def _is_choice(field: Any) -> bool:
    """Whether a relation leads to a choice list, which is short."""
    if not isinstance(field, ForeignKey):
        return False
    path = DEFAULT.path_of_model.get(field.related_model.kind, "")  # type: ignore[union-attr]
    return path in DEFAULT.resources and DEFAULT.resources[path].is_choice_list
