"""The server that we are compared with does the same work: its replies are ours, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from benchmarks import servers
from benchmarks.asking import Question, ask_all, check_same
from benchmarks.catalogues import make
from tests.support.processes import database_of_its_own

PATHS = (
    *(f"spacecraft/flight/{key}/" for key in range(1, 23)),
    "spacecraft/flight/",
    "spacecraft/flight/?limit=100&mode=detailed",
    "spacecraft/flight/?limit=5&offset=7",
    "spacecraft/flight/?spacecraft=4",
    "launch/?limit=100&mode=detailed",
    "launch/?limit=100&offset=50",
    "launch/?search=lynx",
    "launch/?search=norvik+cargo&mode=detailed",
)


@pytest.mark.django_db(transaction=True)
def test_same_bytes(tmp_path: Path) -> None:
    """Details, lists in both modes, pages, the filter and the search give the same bytes on both servers."""
    with database_of_its_own(tmp_path) as url:
        connection.close()
        make(url, 0.02)
        with servers.launchledger(url) as ours, servers.stock(url) as theirs:
            questions = [Question(f"/2.2.0/{path}") for path in PATHS]
            replies = ask_all(ours.port, questions)
            check_same(ask_all(theirs.port, questions), replies, questions, bytewise=True)
            launches = [
                Question(f"/2.2.0/launch/{key}/")
                for key in (item["id"] for reply in replies[-4:] for item in _results(reply.body)[:20])
            ]
            check_same(ask_all(theirs.port, launches), ask_all(ours.port, launches), launches, bytewise=True)


def _results(body: bytes) -> list[dict[str, str]]:
    import json

    results: list[dict[str, str]] = json.loads(body)["results"]
    return results
