"""`/events/{id}`: one event: when and where, and what takes part in it."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.catalogue.models.events import Event
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.rows import rows_of_launches
from launchledger.explorer.sources import Sources

_MOST = 25  # of each list that the page shows

_FACTS = (
    Column("Type", "type"),
    Column("Place", "location"),
    Column("Duration", "duration"),
    Column("Webcast live", "webcast_live"),
    Column("Last update upstream", "last_updated"),
)
_WITH = (("Agencies", "agencies"), ("Programs", "program"), ("Space stations", "spacestations"), ("Expeditions", "expeditions"))


@page("event.html")
def event(request: HttpRequest, objects: Objects, id: int) -> Context:
    """An event for people, by its id: its date, launches, expeditions, stations, programs, updates and links."""
    shown = objects.one("event", id)
    sources = Sources(Event.kind, id)
    date_source = sources.of("date") if shown["date"] else None
    facts = facts_of(shown, sources, _FACTS)
    return {
        "event": shown,
        "about": shown,
        "twin": f"event/{id}/",
        "date_source": date_source,
        "facts": facts,
        "text_source": sources.of("description") if shown["description"] else None,
        "launches": rows_of_launches(shown["launches"][:_MOST]),
        "with": [
            {"of": of, "objects": shown[key][:_MOST], "more": max(len(shown[key]) - _MOST, 0)} for of, key in _WITH if shown[key]
        ],
        "links": _links(shown),
        "updates": shown["updates"][:_MOST],
        "more_updates": max(len(shown["updates"]) - _MOST, 0),
        "more_launches": max(len(shown["launches"]) - _MOST, 0),
        "history": history_of("event", id),
        "sources": sources.shown,
    }


def _links(shown: Shown) -> list[tuple[str, str, str]]:
    """The kind, address and title of each link, an address once."""
    found = [("News", shown["news_url"], ""), ("Webcast", shown["video_url"], "")]
    found += [("Webcast", each["url"], each["title"]) for each in shown["vid_urls"]]
    found += [("Link", each["url"], each["title"]) for each in shown["info_urls"]]
    titled = {address: (kind, title) for kind, address, title in found if address}
    return [(kind, address, title or address) for address, (kind, title) in list(titled.items())[:_MOST]]
