"""Parts of launches, missions, events and dashboards without an id of their own: links, videos, timelines, live streams."""

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Observed, Owned


class InfoURLType(Observed):
    kind = "InfoURLType"
    id = column.key()
    name = column.text("")


class VidURLType(Observed):
    kind = "VidURLType"
    id = column.key()
    name = column.text("")


class Language(Observed):
    kind = "Language"
    id = column.key()
    name = column.text("")
    code = column.text("")


class InfoURL(Owned):
    priority = column.integer(0)
    source = column.text()
    title = column.text()
    description = column.text()
    feature_image = column.text()
    url = column.text("")
    type = column.one(InfoURLType)
    language = column.one(Language)

    class Meta(Owned.Meta):
        abstract = True


class LaunchInfoURL(InfoURL):
    owner = column.owner("Launch", listed_as="info_urls")


class MissionInfoURL(InfoURL):
    owner = column.owner("Mission", listed_as="info_urls")


class EventInfoURL(InfoURL):
    owner = column.owner("Event", listed_as="info_urls")


class VidURL(Owned):
    priority = column.integer(0)
    source = column.text()
    publisher = column.text()
    title = column.text()
    description = column.text()
    feature_image = column.text()
    url = column.text("")
    type = column.one(VidURLType)
    language = column.one(Language)
    start_time = column.date_time()
    end_time = column.date_time()

    class Meta(Owned.Meta):
        abstract = True


class LaunchVidURL(VidURL):
    owner = column.owner("Launch", listed_as="vid_urls")


class MissionVidURL(VidURL):
    owner = column.owner("Mission", listed_as="vid_urls")


class EventVidURL(VidURL):
    owner = column.owner("Event", listed_as="vid_urls")


class TimelineEventType(Observed):
    kind = "TimelineEventType"
    id = column.key()
    abbrev = column.text("")
    description = column.text("")


class TimelineEvent(Owned):
    owner = column.owner("Launch", listed_as="timeline")
    type = column.one(TimelineEventType)
    relative_time = column.duration()


class LiveStream(Owned):
    owner = column.owner("StarshipDashboard", listed_as="live_streams")
    title = column.text("")
    description = column.text("")
    image = column.text()
    url = column.text("")
