"""The routes of every served version, from its resources."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from launchledger.api.dashboard import DashboardView
from launchledger.api.document import document, swagger_or_document
from launchledger.api.pictures import neutral_picture
from launchledger.api.throttle_view import ThrottleView
from launchledger.api.throttling import PATH as THROTTLE
from launchledger.api.views import DetailView, IndexView, ListView
from launchledger.catalogue.pictures import PICTURE
from launchledger.wire.resources import Resource
from launchledger.wire.served import DEFAULT, WIRES
from launchledger.wire.v2_2_0.resources import DASHBOARD
from launchledger.wire.wire import Wire

View = Callable[..., HttpResponseBase]


def _routes(resource: Resource) -> list[URLPattern]:
    listing = ListView.as_view(resource=resource)
    detail = DetailView.as_view(resource=resource)
    at = f"^{_root(resource.version)}{resource.path}"
    return [
        re_path(rf"{at}/$", listing, name=_name(resource.version, f"{resource.name}_list")),
        re_path(rf"{at}\.(?P<format>[a-z0-9]+)/?$", listing),
        re_path(rf"{at}/(?P<id>[^/.]+)/$", detail, name=_name(resource.version, f"{resource.name}_detail")),
        re_path(rf"{at}/(?P<id>[^/.]+)\.(?P<format>[a-z0-9]+)/?$", detail),
    ]


def _page(version: str, path: str, view: View) -> list[URLPattern]:
    """One page without a list: with a last slash, or with a suffix."""
    at = f"^{_root(version)}{path}"
    return [re_path(rf"{at}/$", view, name=_name(version, path)), re_path(rf"{at}\.(?P<format>[a-z0-9]+)/?$", view)]


def _longest_first(resource: Resource) -> tuple[int, str]:
    """`spacecraft/flight/` must come before `spacecraft/{id}/`, which would match "flight" as an id."""
    return (-resource.path.count("/"), resource.path)


def _root(version: str) -> str:
    return re.escape(version) + "/"


def _name(version: str, name: str) -> str:
    """The name of a route; those of the default version have no version before them."""
    return name if version == DEFAULT.version else f"{version}/{name}"


def routes_of(wire: Wire) -> list[URLPattern]:
    """The routes of one version: its index and resources, the allowance of the caller and the neutral picture."""
    return [
        path(f"{wire.version}/", IndexView.as_view(wire=wire), name=_name(wire.version, "index")),
        path(f"{wire.version}/{PICTURE}", neutral_picture, name=_name(wire.version, "picture")),
        *_page(wire.version, THROTTLE, ThrottleView.as_view()),
        *(route for resource in sorted(wire.resources.values(), key=_longest_first) for route in _routes(resource)),
    ]


urlpatterns = [
    path(f"{DEFAULT.version}/schema/", document, name="schema"),
    re_path(rf"^{_root(DEFAULT.version)}swagger/?$", swagger_or_document, name="swagger"),
    *_page(DEFAULT.version, DASHBOARD, DashboardView.as_view()),
    *(route for wire in WIRES.values() for route in routes_of(wire)),
]
