"""`/search`: everything that has the given words, by kind."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger import clock
from launchledger.documents.freshness import expires_at
from launchledger.explorer.answering import Context, page
from launchledger.explorer.finding import groups_of
from launchledger.explorer.objects import Objects


@page("search.html")
def search(request: HttpRequest, objects: Objects) -> Context:
    """Everything in the catalogue that has all words of `q`, for people: ten objects of a kind, with a link to the rest."""
    text = request.GET.get("q", "").strip()
    expires_at(clock.timestamp() + 60)
    return {"text": text, "groups": groups_of(text) if text else []}
