"""Keys: created, found, revoked, and stored as digests only."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core import serializers
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from launchledger.access.keys import (
    LAST_USE_RESOLUTION,
    LONGEST_KEY,
    PREFIX,
    Refused,
    all_keys,
    create_key,
    find_key,
    rate_of,
    record_use,
    revoke_key,
)
from launchledger.access.models import Key
from launchledger.conf.rates import Rate
from tests.support.processes import environment
from tests.support.tables import sqlite_with_tables

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_key_is_found_by_its_text_and_nothing_else() -> None:
    """Only the text that was shown is accepted, not one letter more, less or different, nor the stored digest."""
    key, text = create_key("board", NOW)
    assert find_key(text, NOW) == key
    wrong = [text[:-1], text + "a", text.swapcase(), text.removeprefix(PREFIX), key.digest, "", "board", "\0", "é" * 40, "\udcff"]
    assert [find_key(each, NOW) for each in wrong] == [None] * len(wrong)


def test_the_key_is_never_stored() -> None:
    """The table has the SHA-256 of the key, and neither the row's text nor its repr shows more than a name."""
    key, text = create_key("board", NOW)
    assert key.digest == sha256(text.encode()).hexdigest()
    assert text.removeprefix(PREFIX) not in serializers.serialize("json", Key.objects.all())
    assert all(secret not in f"{key} {key!r}" for secret in (text, key.digest))


def test_keys_differ_and_cannot_be_guessed() -> None:
    """Each key has 256 random bits in 43 characters that need no quoting anywhere."""
    texts = {create_key(f"key {number}", NOW)[1].removeprefix(PREFIX) for number in range(50)}
    assert len(texts) == 50
    assert {len(text) for text in texts} == {43}
    assert all(text.isascii() and text.replace("-", "").replace("_", "").isalnum() for text in texts)


def test_a_revoked_key_is_unknown(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Once revoked a key is unknown; its name is free again, and it cannot be revoked twice."""
    _, text = create_key("board", NOW)
    revoke_key("board", NOW)
    assert find_key(text, NOW) is None
    with pytest.raises(Refused, match="no valid key named board"):
        revoke_key("board", NOW)
    _, other = create_key("board", NOW)
    assert find_key(text, NOW) is None
    assert find_key(other, NOW) is not None
    assert [key.revoked_at for key in all_keys()] == [None]
    assert [key.revoked_at for key in all_keys(revoked=True)] == [NOW, None]


def test_a_key_expires_on_the_second() -> None:
    """A key is valid until just before it expires."""
    _, text = create_key("board", NOW, expires_at=NOW + HOUR)
    assert find_key(text, NOW + HOUR - timedelta(seconds=1)) is not None
    assert find_key(text, NOW + HOUR) is None


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "a\x1b[31m", "\ud800"])
def test_a_name_can_be_printed(name: str) -> None:
    """A name is not empty, is short, and cannot change what a terminal shows."""
    with pytest.raises(Refused, match="1 to 100 printable characters"):
        create_key(name, NOW)
    assert not Key.objects.exists()


def test_refusals_give_the_reason() -> None:
    """A name that is taken, an invalid rate and an expiry in the past are refused, and nothing is written."""
    create_key("board", NOW)
    with pytest.raises(Refused, match="A key named board exists; revoke it first"):
        create_key("board", NOW)
    with pytest.raises(Refused, match="The rate: Is not a rate such as 15/hour"):
        create_key("other", NOW, rate="often")
    with pytest.raises(Refused, match="expiry date is past"):
        create_key("other", NOW, expires_at=NOW)
    assert Key.objects.count() == 1


def test_finding_a_key_is_one_query_by_an_index(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """A right and a wrong key cost one SELECT that scans nothing; one too long to be a key costs none."""
    _, text = create_key("board", NOW)
    for each, queries in ((text, 1), ("wrong", 1), ("x" * (LONGEST_KEY + 1), 0)):
        with django_assert_num_queries(queries):
            find_key(each, NOW)
    if connection.vendor == "sqlite":
        assert "USING INDEX" in Key.objects.filter(digest="", revoked_at=None).explain()


def test_rates_of_keys() -> None:
    """A key has its own rate, no limit, or the default."""
    default = Rate(7, 60)
    assert rate_of(create_key("own", NOW, rate="100/hour")[0], default) == Rate(100, 3600)
    assert rate_of(create_key("free", NOW, rate="unlimited")[0], default) is None
    assert rate_of(create_key("plain", NOW)[0], default) == default
    assert rate_of(create_key("plain too", NOW)[0], None) is None


def test_the_last_use_is_written_once_an_hour(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The first use is written, those of the next hour are not, and then one is again."""
    _, text = create_key("board", NOW)

    def use(moment: datetime) -> None:
        key = find_key(text, moment)
        assert key
        record_use(key, moment)

    use(NOW)
    with django_assert_num_queries(1):  # it is found, and nothing else
        use(NOW + LAST_USE_RESOLUTION - timedelta(seconds=1))
    assert Key.objects.get().last_used_at == NOW
    use(NOW + LAST_USE_RESOLUTION)
    assert Key.objects.get().last_used_at == NOW + LAST_USE_RESOLUTION


_BESIDE_A_WRITER = """
import json, sqlite3, sys, django
django.setup()
from datetime import UTC, datetime
from django.db import connection
from launchledger.access.keys import create_key, find_key, record_use

now = datetime(2026, 7, 15, tzinfo=UTC)
_, text = create_key("board", now)
writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
seen = []
for statement in ("BEGIN IMMEDIATE", "COMMIT"):
    writer.execute(statement)
    record_use(find_key(text, now), now)
    seen.append(find_key(text, now).last_used_at is not None)
    seen.append(connection.connection.execute("PRAGMA busy_timeout").fetchone()[0])
print(json.dumps(seen))
"""


@pytest.mark.sqlite_only("of SQLite, in a file of its own")
def test_recording_a_use_waits_for_no_writer(tmp_path: Path) -> None:
    """While another writes to SQLite a use stays unwritten, at once; after that it is written. Patience is what it was."""
    url = sqlite_with_tables(tmp_path / "own.sqlite3")
    words = [sys.executable, "-c", _BESIDE_A_WRITER]
    done = subprocess.run(words, env=environment(url), capture_output=True, text=True, check=True, timeout=25)  # patience is 30
    assert json.loads(done.stdout) == [False, 30_000, True, 30_000]
