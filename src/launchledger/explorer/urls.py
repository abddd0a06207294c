"""The routes of the pages."""

from django.urls import path, register_converter

from launchledger.explorer.views.changes import changes
from launchledger.explorer.views.first import first
from launchledger.explorer.views.launch import launch
from launchledger.explorer.views.launches import launches, launches_csv, launches_ics
from launchledger.explorer.views.robots import robots, sitemap, sitemap_part
from launchledger.explorer.views.search import search


class Key:
    """An id that a row can have."""

    regex = "[0-9]{1,18}"

    def to_python(self, text: str) -> int:
        return int(text)

    def to_url(self, key: int) -> str:
        return str(key)


register_converter(Key, "key")

urlpatterns = [
    path("", first, name="first_page"),
    path("changes", changes, name="changes"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemaps/<slug:name>-<key:number>.xml", sitemap_part, name="sitemap_part"),
    path("search", search, name="search"),
    path("launches/", launches, name="launches"),
    path("launches/list.csv", launches_csv, name="launches_csv"),
    path("launches/list.ics", launches_ics, name="launches_ics"),
    path("launches/<slug:name>", launch, name="launch"),
]
