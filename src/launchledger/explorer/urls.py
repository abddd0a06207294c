"""The routes of the pages."""

from django.urls import path, register_converter

from launchledger.explorer.views.agencies import agencies
from launchledger.explorer.views.agency import agency
from launchledger.explorer.views.astronaut import astronaut
from launchledger.explorer.views.astronauts import astronauts
from launchledger.explorer.views.booster import booster
from launchledger.explorer.views.boosters import boosters
from launchledger.explorer.views.changes import changes
from launchledger.explorer.views.event import event
from launchledger.explorer.views.events import events
from launchledger.explorer.views.expedition import expedition
from launchledger.explorer.views.expeditions import expeditions
from launchledger.explorer.views.first import first
from launchledger.explorer.views.flight import flight
from launchledger.explorer.views.flights import flights
from launchledger.explorer.views.launch import launch
from launchledger.explorer.views.launches import launches, launches_csv, launches_ics
from launchledger.explorer.views.program import program
from launchledger.explorer.views.programs import programs
from launchledger.explorer.views.robots import robots, sitemap, sitemap_part
from launchledger.explorer.views.search import search
from launchledger.explorer.views.site import site
from launchledger.explorer.views.sites import sites
from launchledger.explorer.views.spacecraft import spacecraft
from launchledger.explorer.views.spacecraft_configuration import spacecraft_configuration
from launchledger.explorer.views.spacecraft_list import spacecraft_list
from launchledger.explorer.views.station import station
from launchledger.explorer.views.stations import stations
from launchledger.explorer.views.statistics import statistics
from launchledger.explorer.views.vehicle import vehicle
from launchledger.explorer.views.vehicles import vehicles


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
    path("flights/", flights, name="flights"),
    path("flights/<key:key>", flight, name="flight"),
    path("astronauts/", astronauts, name="astronauts"),
    path("astronauts/<key:key>", astronaut, name="astronaut"),
    path("statistics", statistics, name="statistics"),
    path("vehicles/", vehicles, name="vehicles"),
    path("vehicles/<key:id>", vehicle, name="vehicle"),
    path("vehicles/spacecraft/<key:id>", spacecraft_configuration, name="spacecraft_configuration"),
    path("spacecraft/", spacecraft_list, name="single_spacecraft"),
    path("spacecraft/<key:id>", spacecraft, name="spacecraft_page"),
    path("boosters/", boosters, name="boosters"),
    path("boosters/<key:id>", booster, name="booster"),
    path("stations/", stations, name="stations"),
    path("stations/<key:key>", station, name="station"),
    path("expeditions/", expeditions, name="expeditions"),
    path("expeditions/<key:key>", expedition, name="expedition"),
    path("sites/", sites, name="sites"),
    path("sites/<key:id>", site, name="site"),
    path("agencies/", agencies, name="agencies"),
    path("agencies/<key:id>", agency, name="agency"),
    path("programs/", programs, name="programs"),
    path("programs/<key:id>", program, name="program"),
    path("events/", events, name="events"),
    path("events/<key:id>", event, name="event"),
]
