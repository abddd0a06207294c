"""The desk on a real server with the starter: what a curator does in a browser, and what others may not."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any
from urllib.request import urlopen

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.desk import PASSWORD, SETTINGS, add_user
from tests.support.forms import Browser, Page
from tests.support.processes import database_of_its_own, run, served

AGENCY = "/desk/catalogue/agency/44/change/"
FLIGHT = "/desk/catalogue/spacecraftflight/567/change/"  # Progress 3


_asked = count()


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the starter, two curators and a reader."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), ExitStack() as stack:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("desk")))
        for words in (("anna", "--curator"), ("clara", "--curator"), ("boris", "--reader")):
            add_user(url, *words)
        yield stack.enter_context(served(url, "--workers", "1"))


def _logged_in(server: str, name: str) -> Browser:
    browser = Browser(server)
    page = browser.send(browser.get("/desk/"), username=name, password=PASSWORD)
    assert page.url.endswith("/desk/"), page.text
    return browser


@pytest.fixture
def anna(server: str) -> Browser:
    return _logged_in(server, "anna")


def _wire(server: str, path: str) -> Any:
    """A reply that is not a cached one, which may be a tenth of a second old."""
    with urlopen(f"{server}{path}{'&' if '?' in path else '?'}asked={next(_asked)}", timeout=30) as response:
        return json.load(response)


def _text(page: Page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def _last_entry(server: str, path: str) -> Any:
    return _wire(server, f"/ledger/{path}history/?limit=100")["results"][-1]


def test_a_stranger_sees_nothing(server: str) -> None:
    """Every address of the desk leads to the log-in, which a wrong password does not pass."""
    browser = Browser(server)
    for path in ("/desk/", AGENCY, "/desk/catalogue/launch/"):
        page = browser.get(path)
        assert "/desk/login/" in page.url
        assert "NASA" not in page.text
    page = browser.send(page, username="anna", password="five orbits of a heron")
    assert "Please enter a correct name and password" in page.text


def test_a_form_without_its_token_is_refused(server: str, anna: Browser) -> None:
    """As one that another site would send."""
    page = anna.get(AGENCY)
    assert anna.send(page, csrfmiddlewaretoken="x" * 64, it__name="Forged", reason="None").status == 403
    assert _wire(server, "/2.2.0/agencies/44/")["name"] != "Forged"


def test_a_curator_corrects_a_value(server: str, anna: Browser) -> None:
    """It is on the wire, the journal names the curator and the reason, and the page shows what was observed beneath."""
    before = _wire(server, "/2.2.0/agencies/44/")["name"]
    page = anna.send(anna.get(AGENCY), it__name="Agency of tests", reason="It is a test")
    assert (page.status, "Agency of tests is changed." in page.text) == (200, True)
    assert _wire(server, "/2.2.0/agencies/44/")["name"] == "Agency of tests"
    entry = _last_entry(server, "agencies/44/")
    assert entry["source"] == "curator:anna"
    assert entry["changes"] == {"name": [before, "Agency of tests"], "reason": [None, "It is a test"]}
    assert f"Overridden : It is a test Observed: {before}" in _text(page)
    page = anna.send(page, end="Agency 44 name")
    assert "The value is as observed again." in page.text
    assert _wire(server, "/2.2.0/agencies/44/")["name"] == before


def test_what_is_refused_keeps_what_was_typed(server: str, anna: Browser) -> None:
    """Each field says why, a reason is asked for, and nothing is written."""
    page = anna.send(anna.get(AGENCY), it__name="Half", it__total_launch_count="many", reason="Because")
    assert "total_launch_count is text (&#x27;many&#x27;), expected an integer" in page.text
    assert (page.fields["it-name"], page.fields["it-total_launch_count"], page.fields["reason"]) == ("Half", "many", "Because")
    page = anna.send(page, it__total_launch_count="7", reason="")
    assert "This field is required." in page.text
    assert page.fields["it-name"] == "Half"
    assert _wire(server, "/2.2.0/agencies/44/")["name"] != "Half"
    assert "No value was changed." in anna.send(anna.get(AGENCY), reason="Because").text


def test_a_relation_to_nothing_is_refused_at_its_field(server: str, anna: Browser) -> None:
    """What only the catalogue can tell is an error of the field as well."""
    page = anna.send(anna.get(FLIGHT), it__spacecraft="987654", reason="Because")
    assert "Spacecraft 987654 is not in the catalogue" in page.text
    assert page.fields["it-spacecraft"] == "987654"


def test_a_relation_is_written_by_name(server: str, anna: Browser) -> None:
    """In any case of its letters; a name that none has is an error of the field, with what may be meant."""
    name = _wire(server, "/2.2.0/agencies/63/")["name"]
    page = anna.get("/desk/catalogue/launcherconfiguration/add/")
    page = anna.send(page, it__name="Ours", it__manufacturer=name[:-1], reason="Ours")
    assert f"is it &#x27;{name}&#x27; (63)?" in page.text
    assert page.fields["it-manufacturer"] == name[:-1]
    page = anna.send(page, it__manufacturer=name.upper())
    key = page.url.rstrip("/").split("/")[-2]
    assert _wire(server, f"/2.2.0/config/launcher/{key}/")["manufacturer"]["id"] == 63


def test_names_are_suggested(server: str, anna: Browser) -> None:
    """To whoever is logged in; the nearest first, and nothing of a kind that is not there."""
    found = json.loads(anna.get("/desk/find/?kind=Astronaut&q=teresh").text)["results"]
    assert [each["name"] for each in found] == ["Valentina Tereshkova"]
    assert json.loads(anna.get("/desk/find/?kind=Astronaut&q=").text) == {"results": []}
    assert anna.get("/desk/find/?kind=User&q=anna").status == 404
    assert "/desk/login/" in Browser(server).get("/desk/find/?kind=Astronaut&q=teresh").url


def test_the_second_of_two_curators_is_told(server: str, anna: Browser) -> None:
    """What changed since the form was shown is not written over unseen, and nothing that was typed is lost."""
    clara = _logged_in(server, "clara")
    hers, his = clara.get("/desk/catalogue/agency/66/change/"), anna.get("/desk/catalogue/agency/66/change/")
    anna.send(his, it__abbrev="AAA", reason="First")
    page = clara.send(hers, it__name="Second", reason="Second")
    assert "Somebody changed this object meanwhile" in page.text
    assert "curator anna" in page.text
    assert (page.fields["it-name"], _wire(server, "/2.2.0/agencies/66/")["abbrev"]) == ("Second", "AAA")
    clara.send(page, it__abbrev="AAA")
    agency = _wire(server, "/2.2.0/agencies/66/")
    assert (agency["name"], agency["abbrev"]) == ("Second", "AAA")


def test_a_reader_only_looks(server: str) -> None:
    """The page has no buttons, and what is sent all the same is refused."""
    boris = _logged_in(server, "boris")
    page = boris.get(AGENCY)
    assert (page.status, 'value="Save"' in page.text) == (200, False)
    assert boris.send(page, it__name="Ours", reason="None").status == 403
    assert boris.get("/desk/catalogue/event/add/").status == 403


def test_an_object_of_ones_own_is_added_undone_and_gone(server: str, anna: Browser) -> None:
    """It has an id that upstream never gives; undoing the entry that made it deletes it."""
    page = anna.send(anna.get("/desk/catalogue/event/add/"), it__name="Open day", it__date="2026-09-12T08:00:00Z", reason="Ours")
    key = re.search(r"/event/(\d+)/change/", page.url)
    assert key, page.text
    assert int(key[1]) >= 1_000_000_000
    assert _wire(server, f"/2.2.0/event/{key[1]}/")["name"] == "Open day"
    undo = re.search(r'name="undo" value="(\d+)"', page.text)
    assert undo
    anna.send(page, undo=undo[1])
    assert anna.get(f"/2.2.0/event/{key[1]}/?asked={next(_asked)}").status == 404


def test_a_docking_is_edited_and_added_inside_its_flight(server: str, anna: Browser) -> None:
    """The parts of a flight are on its page, and all that the form changes is one transaction."""
    dockings = _wire(server, "/2.2.0/spacecraft/flight/567/")["docking_events"]
    name = f"docking_events__{dockings[0]['id']}__departure"
    page = anna.send(
        anna.get(FLIGHT),
        **{name: "1978-08-21T16:43:00Z"},
        docking_events__new__docking="1978-08-22T00:00:00Z",
        reason="As in the log",
    )
    assert "is changed." in page.text, _text(page)
    after = _wire(server, "/2.2.0/spacecraft/flight/567/")["docking_events"]
    assert len(after) == len(dockings) + 1
    assert {each["id"]: each["departure"] for each in after}[dockings[0]["id"]] == "1978-08-21T16:43:00Z"
    entries = _wire(server, "/ledger/spacecraft/flight/567/history/?nested=true&limit=100")["results"]
    of_curator = {entry["transaction"] for entry in entries if entry["source"] == "curator:anna"}
    assert len(of_curator) == 1


def test_a_user_changes_the_password(server: str) -> None:
    """A weak one is refused; the session goes on, and the old password opens nothing any more."""
    clara = _logged_in(server, "clara")
    page = clara.get("/desk/password_change/")
    weak = clara.send(page, old_password=PASSWORD, new_password1="heron", new_password2="heron")
    assert "This password is too short" in weak.text
    new = "five orbits of a crane"
    assert "password was changed" in clara.send(page, old_password=PASSWORD, new_password1=new, new_password2=new).text
    assert clara.get(AGENCY).url.endswith(AGENCY)
    other = Browser(server)
    assert "/desk/login/" in other.send(other.get("/desk/"), username="clara", password=PASSWORD).url
    clara.send(clara.get("/desk/password_change/"), old_password=new, new_password1=PASSWORD, new_password2=PASSWORD)


def test_lists_are_searched(server: str, anna: Browser) -> None:
    """By name, with the names of the wire."""
    page = anna.get("/desk/catalogue/astronaut/?q=tereshkova")
    assert "Valentina Tereshkova" in page.text
    assert "1 result" in page.text
    assert "Flights of individual spacecraft" in anna.get("/desk/").text


@pytest.mark.parametrize("path", ["agency/987654", "agency/abc", "launch/44", "agency/" + "9" * 40])
def test_what_is_not_there_is_a_404(anna: Browser, path: str) -> None:
    """Also ids that no row can have."""
    assert anna.get(f"/desk/catalogue/{path}/change/").status == 404


def test_whoever_guesses_is_locked_out(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After ten wrong passwords from one address, for a while, also with the right one."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), ExitStack() as stack:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("locked")))
        add_user(url, "anna", "--curator")
        browser = Browser(stack.enter_context(served(url, "--workers", "1", "--empty")))
        page = browser.get("/desk/")
        for number in range(10):
            answer = browser.send(page, username=f"anna{number}", password="five orbits of a heron")
        assert answer.status == 429
        assert browser.send(page, username="anna", password=PASSWORD).status == 429


def test_the_desk_is_off_unless_it_is_asked_for(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And it needs a key that stays, or every restart would end all sessions."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), ExitStack() as stack:
        patch.delenv("LAUNCHLEDGER_CURATION", raising=False)
        patch.delenv("LAUNCHLEDGER_SECRET_KEY", raising=False)
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("off")))
        assert Browser(stack.enter_context(served(url, "--empty"))).get("/desk/").status == 404
        patch.setenv("LAUNCHLEDGER_CURATION", "on")
        with pytest.raises(AssertionError, match="LAUNCHLEDGER_SECRET_KEY"):
            run(url, "check")
