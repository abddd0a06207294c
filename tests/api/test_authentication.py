"""`Authorization: Token <key>`: which keys are accepted, and how others are refused."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
import yaml
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from launchledger.access.keys import create_key, revoke_key
from launchledger.access.models import Key
from launchledger.conf.rates import parse_rate

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, tzinfo=UTC)
PATH = "/2.2.0/pad/"


def _ask(client: Client, authorization: str, path: str = PATH) -> tuple[int, object, str | None]:
    response = client.get(path, headers={"authorization": authorization})
    return response.status_code, response.json(), response.headers.get("WWW-Authenticate")


def test_a_key_is_accepted(client: Client) -> None:
    """The word `Token` may be in any case, as in the framework."""
    _, key = create_key("board", NOW)
    assert [_ask(client, f"{word} {key}")[0] for word in ("Token", "token", "TOKEN", " Token ")] == [200] * 4


@pytest.fixture
def _keys_in_use(db: None) -> None:
    create_key("somebody", NOW)


def test_an_unknown_key_passes_where_none_was_ever_created(client: Client) -> None:
    """A client that has a key for upstream changes its base URL and nothing else; it is answered as one without a key."""
    assert _ask(client, "Token of-upstream")[0] == 200
    create_key("board", NOW)
    assert _ask(client, "Token of-upstream") == (401, {"detail": "Invalid token."}, "Token")
    revoke_key("board", NOW)
    assert _ask(client, "Token of-upstream")[0] == 401


@pytest.mark.parametrize("setting", [{"THROTTLE_ANONYMOUS": parse_rate("5/hour")}, {"REFUSE_UNKNOWN_KEYS": True}])
def test_an_unknown_key_is_refused_where_keys_matter(client: Client, settings: object, setting: dict[str, object]) -> None:
    """With a throttle a wrong key must not go unnoticed; a setting refuses it everywhere."""
    for name, value in setting.items():
        setattr(settings, name, value)
    assert _ask(client, "Token of-upstream") == (401, {"detail": "Invalid token."}, "Token")


@pytest.mark.usefixtures("_keys_in_use")
@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        ("Token wrong", "Invalid token."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Token one two", "Invalid token header. Token string should not contain spaces."),
        ("Token \xff\xfe", "Invalid token header. Token string should not contain invalid characters."),
        ("Token " + "x" * 5000, "Invalid token."),
        ("Token \0", "Invalid token."),
    ],
)
def test_an_invalid_key_is_a_401(client: Client, authorization: str, detail: str) -> None:
    """The framework's texts for tokens, on every page of the version, and the header that asks for a key."""
    for path in (PATH, "/2.2.0/", "/2.2.0/pad/1/", "/2.2.0/api-throttle/"):
        assert _ask(client, authorization, path) == (401, {"detail": detail}, "Token")


def test_revoked_and_expired_keys_are_a_401(client: Client) -> None:
    """They are refused like keys that never existed."""
    _, revoked = create_key("revoked", NOW)
    _, expiring = create_key("expiring", NOW, expires_at=NOW + timedelta(hours=1))
    with time_machine.travel(NOW, tick=False):
        assert _ask(client, f"Token {expiring}")[0] == _ask(client, f"Token {revoked}")[0] == 200
        revoke_key("revoked", NOW)
        assert _ask(client, f"Token {revoked}") == (401, {"detail": "Invalid token."}, "Token")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert _ask(client, f"Token {expiring}") == (401, {"detail": "Invalid token."}, "Token")


@pytest.mark.parametrize("authorization", ["", "Bearer abc", "Basic YTpi", "Tokens abc", "abc"])
def test_other_words_count_as_no_key(client: Client, authorization: str) -> None:
    """Credentials of another scheme are ignored."""
    assert _ask(client, authorization)[0] == 200


@pytest.mark.usefixtures("_keys_in_use")
def test_a_refusal_can_be_read_in_a_browser(client: Client) -> None:
    """The browsable page shows the same text."""
    response = client.get(PATH, headers={"authorization": "Token wrong", "accept": "text/html"})
    assert response.status_code == 401
    assert b"Invalid token." in response.content


def test_a_key_costs_one_query_and_none_costs_none(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The index of everything reads nothing; with a key it looks for the key, and for any key where that one is unknown."""
    _, key = create_key("board", NOW)
    _ask(client, f"Token {key}")
    for headers, queries in (({}, 0), ({"authorization": f"Token {key}"}, 1), ({"authorization": "Token wrong"}, 2)):
        with django_assert_num_queries(queries):
            client.get("/2.2.0/", headers=headers)


def test_the_last_use_of_a_key_is_recorded(client: Client) -> None:
    """Its row has the time of the last use, to the hour."""
    _, key = create_key("board", NOW)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        _ask(client, f"Token {key}")
    assert Key.objects.get().last_used_at == NOW + timedelta(days=1)


@pytest.mark.parametrize("authorization", ["Token {key}", "Token {key}x", "Token {key} {key}", "token  {key}é"])
@pytest.mark.parametrize("path", [PATH, "/2.2.0/api-throttle/", "/nothing/", "/2.2.0/pad/1/"])
def test_no_reply_and_no_log_shows_a_key(client: Client, caplog: pytest.LogCaptureFixture, authorization: str, path: str) -> None:
    """Right or wrong, the text of a key is in no body, no header and no line of any logger, at any level."""
    _, key = create_key("board", NOW)
    with caplog.at_level(logging.DEBUG):
        for accept in ("application/json", "text/html"):
            response = client.get(path, headers={"authorization": authorization.format(key=key), "accept": accept})
            assert key not in response.content.decode()
            assert key not in str(response.headers)
    assert key not in caplog.text


def test_the_document_says_what_the_contract_says(client: Client) -> None:
    """A key may be sent and need not be, on every operation, in the contract's words for machines."""
    served = client.get("/2.2.0/schema/").json()
    assert served["security"] == [{}, {"tokenAuth": []}]
    assert not [path for path, operations in served["paths"].items() if "security" in operations["get"]]
    folder = os.environ.get("LAUNCHLEDGER_UPSTREAM")
    if not folder:
        pytest.skip("LAUNCHLEDGER_UPSTREAM names no folder with the contract")
    contract = yaml.safe_load((Path(folder) / "contract" / "ll2-2.2.0.openapi.yaml").read_text(encoding="utf-8"))
    schemes = [document["components"]["securitySchemes"]["tokenAuth"] for document in (served, contract)]
    assert served["security"] == contract["security"]
    assert schemes[0] | {"description": ""} == schemes[1] | {"description": ""}
