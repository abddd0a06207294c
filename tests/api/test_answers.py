"""The data of replies; that the fast path and the views give the same replies is proved in `test_fast_path`."""

from __future__ import annotations

import pytest
from django.test import Client

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.statistics.numbers import running_columns
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import agency
from tests.support.whole import take_in


@pytest.mark.parametrize("path", WIRE.resources)
def test_the_own_order_of_a_list_follows_no_clock(path: str) -> None:
    """The order of a whole list is cached, so no column in it may change with time."""
    resource = WIRE.resources[path]
    columns = {name.removeprefix("-") for name in resource.order}
    assert columns.isdisjoint(running_columns(model_of(resource.model)))


@pytest.mark.django_db
def test_links_keep_letters_that_were_sent_as_they_are(client: Client) -> None:
    """A query of UTF-8 without percent signs means the same in the links as in the reply that has them."""
    take_in("Agency", [agency(1, name="Żaba 1"), agency(2, name="Żaba 2")])
    sent = "limit=1&search=żaba".encode().decode("latin-1")  # as WSGI has it
    page = client.get("/2.2.0/agencies/", QUERY_STRING=sent).json()
    assert (page["count"], page["next"]) == (2, "http://testserver/2.2.0/agencies/?limit=1&offset=1&search=%C5%BCaba")
    assert client.get(page["next"]).json()["results"][0]["id"] == 2
