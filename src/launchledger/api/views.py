"""The views: a list and a detail for every resource, and the index of them all.

Promises: one reply shows one moment of the catalogue, in a number of queries that does not grow with the page.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.formatting import markup_description

from launchledger.api.addresses import address_for
from launchledger.api.methods import ReadView
from launchledger.api.moments import WHEN, listed
from launchledger.api.ordering import WireOrdering
from launchledger.api.searching import WireSearch
from launchledger.api.selecting import PLAIN
from launchledger.api.throttle_view import PATH as THROTTLE
from launchledger.catalogue.queries.listed import decided_by
from launchledger.contract.resources import DASHBOARD, LIST, RESOURCES, Resource
from launchledger.contract.values import LARGEST_INTEGER
from launchledger.serving.depending import depends_only_on
from launchledger.serving.documents import reading
from launchledger.serving.pages import detail, page

_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class ResourceView(ReadView, GenericAPIView[Any]):
    """What the list and the detail of a resource share."""

    resource: Resource = RESOURCES["spacecraft/flight"]

    def get_queryset(self) -> QuerySet[Any]:
        return listed(self.resource, self.resource.shape_in(LIST))

    def get_view_name(self) -> str:
        return self.resource.summary

    def get_view_description(self, html: bool = False) -> str:
        text = describe(self.resource)
        return markup_description(text) if html else text


class ListView(ResourceView):
    filter_backends = [DjangoFilterBackend, WireSearch, WireOrdering]
    filterset_class: type[FilterSet] | None = None

    def get(self, request: Request, format: str | None = None) -> Response:
        shape = self.resource.shape_in(request.query_params.get("mode", ""))
        with reading() as documents:
            rows = self.filter_queryset(listed(self.resource, shape))
            keys = self.paginate_queryset(rows) or []
            shown = documents(shape, keys)
        if PLAIN.issuperset(request.query_params):
            depends_only_on(*decided_by(shape))
        cut: Any = self.paginator
        return Response(page(cut.count, cut.get_next_link(), cut.get_previous_link(), shown, address_for(request, format)))


class DetailView(ResourceView):
    def get_view_name(self) -> str:
        return f"{self.resource.summary}: {self.kwargs['id']}" if hasattr(self, "kwargs") else self.resource.summary

    def get(self, request: Request, id: str, format: str | None = None) -> Response:
        shape = self.resource.detail_modes.get(request.query_params.get("mode", ""), self.resource.detail)
        with reading() as documents:
            keys = key_named(self.resource, id)
            if self.resource.when:
                keys = list(self.get_queryset().filter(pk__in=keys).values_list("pk", flat=True))
            shown = documents(shape, keys)
        if not shown:
            raise NotFound
        depends_only_on()
        return Response(detail(shown[0], address_for(request, format)))


class IndexView(ReadView):
    """Every resource of this version, by its path."""

    def get_view_name(self) -> str:
        return "Launchledger"

    def get(self, request: Request, format: str | None = None) -> Response:
        base, _ = address_for(request, None)
        asked = request.query_params.get("format")
        end = f"/?format={asked}" if asked else "/"
        return Response({path: f"{base}{path}{end}" for path in sorted([*RESOURCES, DASHBOARD, THROTTLE])})


def describe(resource: Resource) -> str:
    """What the browsable page says of a resource, in Markdown's plainest form: one paragraph a line."""
    lines = [resource.description]
    if len(resource.modes) > 1:
        modes = ", ".join(f"?mode={mode}" for mode in resource.modes)
        lines.append(f"Modes of the list: {modes}. The detail is always the largest.")
    if resource.when:
        lines.append(WHEN[resource.when].format(moment=resource.moment))
    return "\n\n".join(lines)


def key_named(resource: Resource, text: str) -> list[int | str]:
    """The key that a path names, none if no object can have it."""
    if resource.has_text_id:
        return [str(UUID(text))] if _UUID.fullmatch(text) else []
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > LARGEST_INTEGER:
        return []
    return [int(text)]
