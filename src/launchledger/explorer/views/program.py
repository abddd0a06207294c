"""`/programs/{id}`: one program: who takes part, its last and next launches and events, its mission patches."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.catalogue.models.programs import Program
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.last_and_next import last_and_next
from launchledger.explorer.objects import Objects
from launchledger.explorer.sources import Sources
from launchledger.formats.times import parse_date_time

_AGENCIES, _PATCHES = 50, 24


def _day(written: str) -> str:
    return f"{parse_date_time(written):%Y-%m-%d}"


_FACTS = (
    Column("Type", "type"),
    Column("From", "start_date", _day),
    Column("Until", "end_date", _day),
)


@page("program.html")
def program(request: HttpRequest, objects: Objects, id: int) -> Context:
    """A program for people, by its id: its agencies, last and next launches and events, mission patches."""
    shown = objects.one("program", id)
    sources = Sources(Program.kind, id)
    facts = facts_of(shown, sources, _FACTS)
    return {
        "program": shown,
        "twin": f"program/{id}/",
        "facts": facts,
        "text_source": sources.of("description") if shown["description"] else None,
        "agencies": shown["agencies"][:_AGENCIES],
        "more_agencies": max(len(shown["agencies"]) - _AGENCIES, 0),
        "patches": shown["mission_patches"][:_PATCHES],
        "more_patches": max(len(shown["mission_patches"]) - _PATCHES, 0),
        "launches": last_and_next(objects, "launch", "program", id),
        "events": last_and_next(objects, "event", "program", id),
        "history": history_of("program", id),
        "sources": sources.shown,
    }
