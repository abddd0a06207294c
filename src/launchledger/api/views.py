"""The views: a list and a detail for every resource, and the index of them all. Their data comes from `answers`."""

from __future__ import annotations

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.formatting import markup_description

from launchledger.api.answers import list_page, object_detail
from launchledger.api.methods import ReadView
from launchledger.api.paging import PageLinks
from launchledger.api.throttling import PATH as THROTTLE
from launchledger.api.time_windows import WHEN
from launchledger.api.urls_in_bodies import address_for
from launchledger.wire.resources import Resource
from launchledger.wire.served import DEFAULT
from launchledger.wire.wire import Wire


class ResourceView(ReadView):
    """What the list and the detail of a resource share."""

    resource: Resource = DEFAULT.resources["spacecraft/flight"]

    def get_view_name(self) -> str:
        return self.resource.summary

    def get_view_description(self, html: bool = False) -> str:
        text = describe(self.resource)
        return markup_description(text) if html else text


class ListView(ResourceView):
    paginator: PageLinks | None = None  # of this page; the framework's browsable page reads it

    def get(self, request: Request, format: str | None = None) -> Response:
        url, _, _ = request.build_absolute_uri().partition("?")
        found = list_page(
            self.resource, dict(request.query_params.lists()), address_for(request, self.resource.version, format), url
        )
        self.paginator = PageLinks(request, found.page_slice, found.total)
        return Response(found.data)


class DetailView(ResourceView):
    def get_view_name(self) -> str:
        return f"{self.resource.summary}: {self.kwargs['id']}" if hasattr(self, "kwargs") else self.resource.summary

    def get(self, request: Request, id: str, format: str | None = None) -> Response:
        data = object_detail(
            self.resource, id, request.query_params.get("mode", ""), address_for(request, self.resource.version, format)
        )
        if data is None:
            raise NotFound
        return Response(data)


class IndexView(ReadView):
    """Every resource of this version, by its path."""

    wire: Wire = DEFAULT

    def get_view_name(self) -> str:
        return "Launchledger"

    def get(self, request: Request, format: str | None = None) -> Response:
        base, end = address_for(request, self.wire.version, None)
        return Response({path: f"{base}{path}{end}" for path in sorted([*self.wire.model_of_path, THROTTLE])})


def describe(resource: Resource) -> str:
    """The description of a resource on the browsable page, in Markdown: one paragraph a line."""
    lines = [resource.description]
    if len(resource.modes) > 1:
        modes = ", ".join(f"?mode={mode}" for mode in resource.modes)
        lines.append(f"Modes of the list: {modes}. The detail is always the largest.")
    if resource.when:
        lines.append(WHEN[resource.when].format(moment=resource.time_column))
    return "\n\n".join(lines)
