"""The statistics of the starter catalogue, whose launches and flights are real."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.database.files import another_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

FIRST_QUERIES = (
    "the launches by year, provider, configuration, pad and status",
    "how many are known by name only",
    *("names of providers", "of configurations", "of sites", "of statuses"),
    "the sites of pads",
    *("the newest entry, for what is kept: the plot", "the counts in it", "those of the form"),
)
AGAIN_QUERIES = ("the newest entry, for the plot", "the same for the form")


def _links(page: str) -> Iterator[tuple[str, int]]:
    """The addresses of numbers in the table behind the plot, with these numbers."""
    table = page.partition("<details>")[2].partition("</details>")[0]
    for address, number in re.findall(r'<td><a href="([^"]*)">([\d,]+)</a></td>', table):
        yield html.unescape(address), int(number.replace(",", ""))


def _counted(client: Client, address: str) -> int:
    """How many launches the list at an address of `/launches/` has, by its JSON twin."""
    assert urlsplit(address).path == "/launches/"
    query = urlsplit(address).query.removeprefix("when=all&")
    assert client.get(address).status_code == 200
    found: int = client.get(f"/2.2.0/launch/?{query}").json()["count"]
    return found


@pytest.mark.parametrize(
    "query", ["", "?by=country", "?by=vehicle", "?by=status", "?plot=success", "?by=vehicle&provider=121", "?site=12&from=1975"]
)
def test_numbers_lead_to_the_launches_that_they_count(client: Client, query: str) -> None:
    """Each number of the table is the count of the list that it leads to."""
    found = list(_links(client.get(f"/statistics{query}").content.decode()))
    assert found
    assert {address: _counted(client, address) for address, _ in found} == dict(found)


@time_machine.travel("2000-01-01T00:00:00Z", tick=False)
def test_records_name_the_launch_that_set_them(client: Client) -> None:
    """From real flights: Vostok 1 was the first, and ten people were up when STS-71 was on its way to Mir."""
    page = client.get("/statistics?plot=people").content.decode()
    beside = page.partition('id="beside"')[2]
    records = re.findall(r'<th scope="row">(\d+)</th><td>([^<]*)</td><td><a href="([^"]*)">([^<]*)</a>', beside)
    assert records[-1] == ("1", "1961-04-12 06:07 UTC", "/launches/vostok-k-vostok-1", "Vostok-K | Vostok 1")
    assert records[0][0] == "10"
    assert records[0][3].endswith("STS-71")
    assert not any("STS-51-L" in name for *_, name in records)
    for _, _, address, _ in records:
        assert client.get(address).status_code == 200


def test_a_plot_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many launches; until something is written, only whether something was."""
    client.get("/launches/")  # what a process computes once
    another_file.send(sender=None)  # nothing is kept
    with CaptureQueriesContext(connection) as queries:
        client.get("/statistics?by=vehicle")
    assert len(queries) <= len(FIRST_QUERIES), queries.captured_queries
    with CaptureQueriesContext(connection) as queries:
        client.get("/statistics?by=vehicle&plot=launches")  # another address, so no reply that is kept
    assert len(queries) <= len(AGAIN_QUERIES), queries.captured_queries
