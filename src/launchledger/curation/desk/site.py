"""The desk as a site of Django's admin: its lists of objects, its log-in, and the routes."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse

from launchledger.catalogue.models.kinds import kinds, model_of
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.queries.overview import names_of
from launchledger.curation.desk.lists import ObjectAdmin
from launchledger.curation.desk.naming import name_of_list
from launchledger.curation.finding import with_name_like
from launchledger.history import wording
from launchledger.wire.served import DEFAULT

NEWEST = 15  # overrides on the first page
SUGGESTED = 10  # objects


class Desk(AdminSite):
    site_title = "Launchledger"
    site_header = "The desk of Launchledger"
    index_title = "What is in the catalogue"
    index_template = "launchledger/desk/index.html"
    enable_nav_sidebar = False
    login_form = AuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a user may look."""
        return bool(request.user.is_authenticated)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists by the names of the wire."""
        found: list[Any] = super().get_app_list(request, app_label)
        for app in found:
            app["name"] = "Catalogue"
            for each in app["models"]:
                each["name"] = name_of_list(each["model"])
            app["models"].sort(key=lambda each: (each["name"].startswith(("Choices", "Parts")), each["name"]))
        return found

    def get_urls(self) -> list[Any]:
        return [path("find/", self.admin_view(self.find), name="find"), *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        """What a field of a relation suggests while a name is typed: `{"results": [{"id", "name"}]}`, at most SUGGESTED."""
        kind = request.GET.get("kind", "")
        if kind not in DEFAULT.reader.keyed_models:
            raise Http404("There is no such kind of objects.")
        found = with_name_like(kind, request.GET.get("q", ""), SUGGESTED)
        return JsonResponse({"results": [{"id": key, "name": name} for key, name in found]})

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The lists, and the newest overrides."""
        newest = list(Override.objects.order_by("-at", "-pk")[:NEWEST])
        names, _ = names_of([(each.kind, each.key) for each in newest])
        overrides = [
            {
                "address": reverse(f"{self.name}:catalogue_{model_of(each.kind)._meta.model_name}_change", args=[each.key]),
                "name": names.get((each.kind, each.key)) or f"{wording.kind(each.kind)} {each.key}",
                "column": wording.column(each.column),
                "reason": each.reason,
            }
            for each in newest
        ]
        more = max(Override.objects.count() - NEWEST, 0)
        return super().index(request, {"overrides": overrides, "more": more, **(extra_context or {})})


def make_desk() -> Desk:
    """The desk with all kinds of objects that have an id on the wire."""
    desk = Desk(name="desk")
    for kind, model in kinds().items():
        if kind in DEFAULT.reader.keyed_models:
            desk.register(model, ObjectAdmin)
    return desk
