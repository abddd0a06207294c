"""Events, and what only the Starship dashboard shows."""

from django.db import models

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Link, Observed


class EventType(Observed):
    kind = "EventType"
    id = column.key()
    name = column.text("")


class Event(Observed):
    kind = "Event"
    watched = ("date", "date_precision")
    id = column.key()
    slug = column.text("")
    name = column.text("")
    name_key = column.sort_key_of_name()
    type = column.one(EventType)
    description = column.text("")
    webcast_live = column.boolean(False)
    location = column.text()
    news_url = column.text()
    video_url = column.text()
    feature_image = column.text()
    date = column.date_time()
    date_precision = column.one("NetPrecision")
    last_updated = column.date_time()
    duration = column.duration()

    class Meta:
        indexes = [
            *Observed.Meta.indexes,
            models.Index(fields=["date", "id"], name="event_date"),
            models.Index(fields=["last_updated", "id"], name="event_updated"),
            models.Index(fields=["slug"], name="event_slug"),
            models.Index(fields=["name_key", "id"], name="event_name"),
        ]


class NoticeType(Observed):
    kind = "NoticeType"
    id = column.key()
    name = column.text("")


class Notice(Observed):
    kind = "Notice"
    id = column.key()
    type = column.one(NoticeType)
    url = column.text("")
    date = column.date_time()


class RoadClosureStatus(Observed):
    kind = "RoadClosureStatus"
    id = column.key()
    name = column.text("")


class RoadClosure(Observed):
    kind = "RoadClosure"
    id = column.key()
    title = column.text("")
    status = column.one(RoadClosureStatus)
    window_start = column.date_time()
    window_end = column.date_time()


class StarshipDashboard(Observed):
    kind = "StarshipDashboard"
    id = column.key()


class StarshipDashboardUpdatesLink(Link):
    owner = column.owner(StarshipDashboard, listed_as="updates")
    member = column.member("Update")


class StarshipDashboardVehiclesLink(Link):
    owner = column.owner(StarshipDashboard, listed_as="vehicles")
    member = column.member("Launcher")


class StarshipDashboardOrbitersLink(Link):
    owner = column.owner(StarshipDashboard, listed_as="orbiters")
    member = column.member("Spacecraft")


class EventAgenciesLink(Link):
    owner = column.owner(Event, listed_as="agencies")
    member = column.member("Agency")


class EventLaunchesLink(Link):
    owner = column.owner(Event, listed_as="launches")
    member = column.member("Launch")


class EventExpeditionsLink(Link):
    owner = column.owner(Event, listed_as="expeditions")
    member = column.member("Expedition")


class EventSpacestationsLink(Link):
    owner = column.owner(Event, listed_as="spacestations")
    member = column.member("SpaceStation")


class EventProgramLink(Link):
    owner = column.owner(Event, listed_as="program")
    member = column.member("Program")
