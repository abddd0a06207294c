"""The routes of version 2.2.0, made from the resources."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from launchledger.api.dashboard import DashboardView
from launchledger.api.document import document, swagger_or_document
from launchledger.api.pictures import neutral_picture
from launchledger.api.throttle_view import PATH as THROTTLE
from launchledger.api.throttle_view import ThrottleView
from launchledger.api.views import DetailView, IndexView, ListView
from launchledger.contract.addresses import VERSION
from launchledger.contract.pictures import PICTURE
from launchledger.contract.resources import DASHBOARD, RESOURCES, Resource

View = Callable[..., HttpResponseBase]

_ROOT = VERSION.replace(".", r"\.")


def _routes(resource: Resource) -> list[URLPattern]:
    listing = ListView.as_view(resource=resource)
    detail = DetailView.as_view(resource=resource)
    at = f"^{_ROOT}/{resource.path}"
    return [
        re_path(rf"{at}/$", listing, name=f"{resource.name}_list"),
        re_path(rf"{at}\.(?P<format>[a-z0-9]+)/?$", listing),
        re_path(rf"{at}/(?P<id>[^/.]+)/$", detail, name=f"{resource.name}_detail"),
        re_path(rf"{at}/(?P<id>[^/.]+)\.(?P<format>[a-z0-9]+)/?$", detail),
    ]


def _page(path: str, view: View) -> list[URLPattern]:
    """One page without a list: with a last slash, or with a suffix."""
    at = f"^{_ROOT}/{path}"
    return [re_path(rf"{at}/$", view, name=path), re_path(rf"{at}\.(?P<format>[a-z0-9]+)/?$", view)]


def _longest_first(resource: Resource) -> tuple[int, str]:
    """`spacecraft/flight/` must be tried before `spacecraft/{id}/`, which would take "flight" for an id."""
    return (-resource.path.count("/"), resource.path)


urlpatterns = [
    path(f"{VERSION}/", IndexView.as_view(), name="index"),
    path(f"{VERSION}/schema/", document, name="schema"),
    re_path(rf"^{_ROOT}/swagger/?$", swagger_or_document, name="swagger"),
    path(f"{VERSION}/{PICTURE}", neutral_picture, name="picture"),
    *_page(DASHBOARD, DashboardView.as_view()),
    *_page(THROTTLE, ThrottleView.as_view()),
    *(route for resource in sorted(RESOURCES.values(), key=_longest_first) for route in _routes(resource)),
]
