"""`/agencies/{id}`: one agency: its record, what it builds, its programs, and its last and next launches."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.programs import Program
from launchledger.catalogue.queries.prepared import prepared
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.last_and_next import last_and_next
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources

_BUILT, _PROGRAMS = 60, 50  # of each kind that the page shows

_FACTS = (
    Column("Abbreviation", "abbrev"),
    Column("Type", "type"),
    Column("Country", "country_code", lambda codes: ", ".join(codes.split(","))),
    Column("Founded", "founding_year"),
    Column("Head", "administrator"),
    Column("Parent", "parent"),
    Column("Launchers", "launchers"),
    Column("Spacecraft", "spacecraft"),
)
_RECORD = (
    ("Launches", "total_launch_count", "successful_launches", "failed_launches", "consecutive_successful_launches"),
    ("Landings", "attempted_landings", "successful_landings", "failed_landings", "consecutive_successful_landings"),
)


@page("agency.html")
def agency(request: HttpRequest, objects: Objects, id: int) -> Context:
    """An agency for people, by its id: its record, launchers, spacecraft, programs, last and next launches."""
    shown = objects.one("agencies", id)
    sources = Sources(Agency.kind, id)
    facts = facts_of(shown, sources, _FACTS)
    return {
        "agency": shown,
        "twin": f"agencies/{id}/",
        "facts": facts,
        "text_source": sources.of("description") if shown["description"] else None,
        "record": [_record(shown, sources, *columns) for columns in _RECORD],
        "pending": shown["pending_launches"],
        "pending_source": sources.of("pending_launches"),
        "launchers": shown["launcher_list"][:_BUILT],
        "more_launchers": max(len(shown["launcher_list"]) - _BUILT, 0),
        "spacecraft": shown["spacecraft_list"][:_BUILT],
        "more_spacecraft": max(len(shown["spacecraft_list"]) - _BUILT, 0),
        "programs": [(name, page_of_resource("program", key)) for key, name in _programs(key=id)],
        "launches": last_and_next(objects, "launch", "lsp__id", id),
        "by_year": f"{get_script_prefix()}statistics?by=status&provider={id}",
        "history": history_of("agencies", id),
        "sources": sources.shown,
    }


@prepared("key")
def _programs(key: Any) -> QuerySet[Any]:
    """The programs that an agency takes part in."""
    return listed_rows(Program).filter(agencies__member=key).order_by("name_key", "pk").values_list("pk", "name")[:_PROGRAMS]


def _record(shown: Shown, sources: Sources, of: str, *columns: str) -> dict[str, Any]:
    """How many of something there were, how many succeeded, failed, and succeeded in a row, with their sources."""
    total, good = shown[columns[0]], shown[columns[1]]
    cells = [(shown[column], sources.of(column) if shown[column] is not None else None) for column in columns]
    return {"of": of, "cells": cells, "share": f"{good / total:.1%}" if total and good is not None else ""}
