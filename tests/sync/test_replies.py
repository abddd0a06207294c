"""Replies kept until their objects are stored, and for a while after."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django.fixtures import Settings

from launchledger.sync.models import KeptReply
from launchledger.sync.replies import Kept, done, keep, waiting

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
SERVER = "https://upstream.example"

pytestmark = pytest.mark.django_db


def test_what_waits_comes_back_in_order() -> None:
    """With its bytes and everything kept with it; what is done does not come again."""
    bodies = [b"", b"{}", "{'ł': 1}".encode() * 1000]
    numbers = [keep(SERVER, f"/{body[:9]!r}", NOW, body, {"page": len(body)}) for body in bodies]
    assert list(waiting()) == [
        Kept(number, f"/{body[:9]!r}", {"page": len(body)}, NOW, body) for number, body in zip(numbers, bodies, strict=True)
    ]
    done(numbers[1])
    assert [kept.id for kept in waiting()] == [numbers[0], numbers[2]]
    assert KeptReply.objects.get(pk=numbers[2]).compressed < 200


def test_what_is_done_is_kept_for_a_time(settings: Settings) -> None:
    """What waits is never deleted, however old."""
    settings.KEPT_REPLIES_AGE = 3600
    with time_machine.travel(NOW, tick=False) as clock:
        old, waits = keep(SERVER, "/old", NOW, b"x"), keep(SERVER, "/waits", NOW, b"x")
        done(old)
        clock.shift(timedelta(hours=1))
        newer = keep(SERVER, "/newer", NOW, b"x")
        done(newer)
        assert KeptReply.objects.count() == 3
        clock.shift(1)
        done(keep(SERVER, "/newest", NOW, b"x"))
    assert set(KeptReply.objects.values_list("request", flat=True)) == {"/waits", "/newer", "/newest"}
    assert [kept.id for kept in waiting()] == [waits]


def test_what_is_done_is_bounded_by_size(settings: Settings) -> None:
    """The newest are kept; replies that wait are not counted, and not deleted."""
    settings.KEPT_REPLIES_BYTES = 3_500
    keep(SERVER, "/waits", NOW, os.urandom(9_000))
    for number in range(6):
        done(keep(SERVER, f"/{number}", NOW, os.urandom(1_000)))
    assert set(KeptReply.objects.values_list("request", flat=True)) == {"/waits", "/3", "/4", "/5"}
    settings.KEPT_REPLIES_BYTES = 0
    done(keep(SERVER, "/6", NOW, b"x"))
    assert list(KeptReply.objects.values_list("request", flat=True)) == ["/waits"]
