"""The routes of the pages."""

from django.urls import path, register_converter

from launchledger.explorer.views.astronaut import astronaut
from launchledger.explorer.views.astronauts import astronauts
from launchledger.explorer.views.first import first
from launchledger.explorer.views.flight import flight
from launchledger.explorer.views.flights import flights
from launchledger.explorer.views.launch import launch
from launchledger.explorer.views.launches import launches
from launchledger.explorer.views.statistics import statistics


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
    path("launches/", launches, name="launches"),
    path("launches/<slug:name>", launch, name="launch"),
    path("flights/", flights, name="flights"),
    path("flights/<key:key>", flight, name="flight"),
    path("astronauts/", astronauts, name="astronauts"),
    path("astronauts/<key:key>", astronaut, name="astronaut"),
    path("statistics", statistics, name="statistics"),
]
