"""Delivering to real receivers: in order, at least once, whatever a receiver does."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

import pytest
import time_machine
from pytest_django.fixtures import Settings

from launchledger import clock
from launchledger.hooks import delivering
from launchledger.hooks.delivering import Deliverer, deliver_test
from launchledger.hooks.keeping import add_hook, attempts_of, find_hook
from launchledger.hooks.leasing import take
from launchledger.hooks.models import Hook
from launchledger.hooks.receivers import Receivers
from launchledger.journal.reading import latest_serial
from launchledger.web.client import Bounds
from tests.support.receiver import Receiver, receiving, write_entries
from tests.support.sockets import Answer, answering, dripping, reply, reset, silent

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)


def _add(receiver: Receiver, **filters: list[str]) -> Hook:
    hook, receiver.secret = add_hook(receiver.url, clock.now(), **filters)
    return hook


def _retry(hook: Hook) -> int:
    """Deliver at the time of the hook's next attempt."""
    at = find_hook(hook.pk).next_at
    assert at is not None
    with time_machine.travel(at, tick=False):
        return Deliverer().deliver_due()


def test_everything_comes_in_order(receiver: Receiver) -> None:
    """One message for each transaction, signed; afterwards nothing is left, and nothing is sent twice."""
    hook = _add(receiver)
    serials = write_entries([{}, {}], [{}], [{"kind": "Event"}])
    assert Deliverer().deliver_due() == 3
    assert receiver.serials == serials
    assert [body["type"] for body in receiver.accepted] == ["changes"] * 3
    assert (find_hook(hook.pk).delivered, Deliverer().deliver_due()) == (serials[-1], 0)
    assert receiver.headers[0]["content-type"] == "application/json"
    assert receiver.headers[0]["user-agent"].startswith("Launchledger/")


def test_each_hook_gets_what_is_for_it() -> None:
    """A hook that fails holds up no other."""
    with receiving() as pads, receiving() as events, receiving(lambda number: 500) as broken:
        _add(pads, resources=["pad"])
        _add(broken)
        _add(events, resources=["event"])
        first, second, third = write_entries([{}], [{"kind": "Event"}, {}])
        assert Deliverer().deliver_due() == 3
        assert (pads.serials, events.serials, len(broken.ids)) == ([first, third], [second], 1)


def test_a_message_that_failed_comes_again_before_the_next() -> None:
    """With the same id and body, until it is accepted; only then the next one."""
    with receiving(lambda number: 204 if number >= 2 else 503) as receiver:
        hook = _add(receiver)
        serials = write_entries([{}], [{}])
        assert Deliverer().deliver_due() == 0
        assert Deliverer().deliver_due() == 0
        assert (_retry(hook), _retry(hook)) == (0, 2)
        assert receiver.serials == serials
        assert len(receiver.ids) == 4
        assert len({*receiver.ids[:3]}) == 1
    assert [attempt.reason for attempt in attempts_of(hook, 9)] == ["", "", *["answered 503 Service Unavailable"] * 2]


def test_what_was_sent_and_not_recorded_is_sent_again(receiver: Receiver) -> None:
    """As after a kill between the two: once the lease has ended the next deliverer sends the same message again."""
    hook = _add(receiver)
    write_entries([{}])
    with time_machine.travel(NOW, tick=False) as now:
        assert take(hook.pk, NOW)  # by a process that sends, and is killed
        assert Deliverer().deliver_due() == 0
        now.shift(31)
        assert Deliverer().deliver_due() == 1


def _endless(connection: object) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # type: ignore[attr-defined]
    while True:
        connection.sendall(b"x" * 65_536)  # type: ignore[attr-defined]


_METADATA = "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b"", "500 Internal Server Error"), "answered 500 Internal Server Error"),
        (reply(b"", "302 Found", Location=_METADATA), "answered 302 Found (redirects are not followed)"),
        (
            reply(b"", "307 Temporary Redirect", Location=_METADATA),
            "answered 307 Temporary Redirect (redirects are not followed)",
        ),
        (silent, "127.0.0.1: timed out: not complete after 0.5 seconds"),
        (dripping(b"HTTP/1.1 200 OK\r\nX: "), "127.0.0.1: timed out: not complete after 0.5 seconds"),
        (reset, "127.0.0.1: Connection reset by peer"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "127.0.0.1: the reply was cut, or is not valid HTTP"),
        (reply(b"", "400 \x1b[31mred"), r"answered 400 \x1b[31mred"),
    ],
    ids=["fails", "redirects", "redirects a POST", "hangs", "drips", "resets", "no http", "red"],
)
def test_receivers_that_do_not_accept(
    answer: Answer | bytes, reason: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each attempt ends in time and is a failure with its reason, which shows no more of the address than its host."""
    monkeypatch.setattr("launchledger.hooks.receivers.BOUNDS", Bounds(most_bytes=1000, cut=True, connect=0.5, read=5, whole=0.5))
    with answering(answer) as peer:
        hook = add_hook(f"{peer.address}/path?token=quiet", clock.now())[0]
        write_entries([{}])
        began = time.monotonic()
        assert Deliverer().deliver_due() == 0
        assert time.monotonic() - began < 5
        assert len(peer.requests) == 1
    (attempt,) = attempts_of(hook, 9)
    assert attempt.reason.startswith(reason)
    assert find_hook(hook.pk).failures == 1
    (line,) = [record.getMessage() for record in caplog.records if record.name == "launchledger.hooks"]
    assert line.startswith(f"hook {hook.pk} at 127.0.0.1 failed, attempt 1, next at ")
    assert "quiet" not in line + attempt.reason
    assert line.isprintable()


@pytest.mark.parametrize("answer", [_endless, dripping(b"HTTP/1.1 200 OK\r\n\r\n")], ids=["endless", "drips"])
def test_a_body_without_end_is_not_read(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status says that the message was accepted; of what follows a little is read, and not for long."""
    monkeypatch.setattr("launchledger.hooks.receivers.BOUNDS", Bounds(most_bytes=1000, cut=True, connect=0.5, read=5, whole=0.5))
    with answering(answer) as peer:
        add_hook(peer.address, clock.now())
        write_entries([{}])
        began = time.monotonic()
        assert Deliverer().deliver_due() == 1
        assert time.monotonic() - began < 5


def test_a_private_address_is_checked_again_when_sending(receiver: Receiver, settings: Settings) -> None:
    """A name may lead elsewhere since the hook was added, and the setting may have changed: nothing reaches the receiver."""
    https = receiver.url.replace("http:", "https:")
    hooks = [_add(receiver), add_hook(https, clock.now())[0]]
    settings.HOOKS_PRIVATE = False
    write_entries([{}])
    assert Deliverer().deliver_due() == 0
    reasons = [attempts_of(hook, 9)[0].reason for hook in hooks]
    assert reasons[0].startswith("Begins with http://; use https://.")
    assert reasons[1].startswith("127.0.0.1: its address is of this machine, a private network")
    assert receiver.ids == []


def test_another_key_sends_nothing(receiver: Receiver, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """A signature that no receiver could verify is worse than none: the hook waits for a deliverer with its key."""
    hook = _add(receiver)
    write_entries([{}])
    deliverer, ours = Deliverer(), settings.HOOKS_KEY
    for key in ("another key of forty characters or more than that", ""):
        settings.HOOKS_KEY = key
        assert deliverer.deliver_due() == 0
    settings.HOOKS_KEY = ours
    assert find_hook(hook.pk).failures == 0
    (line,) = [record.getMessage() for record in caplog.records if record.name == "launchledger.hooks"]
    assert line == (
        f"hook {hook.pk} at 127.0.0.1 gets nothing from here: LAUNCHLEDGER_SECRET_KEY is not the one with which it was added"
    )
    assert Deliverer().deliver_due() == 1


def test_an_accepted_test_resumes() -> None:
    """A hook that was paused gets what it missed."""
    with receiving(lambda number: 410 if number == 0 else 204) as receiver:
        hook = _add(receiver)
        serials = write_entries([{}])
        assert Deliverer().deliver_due() == 0
        serials += write_entries([{}])
        assert Deliverer().deliver_due() == 0
        assert deliver_test(find_hook(hook.pk)).accepted
        assert Deliverer().deliver_due() == 2
        assert receiver.serials == serials
        assert [body["type"] for body in receiver.accepted] == ["test", "changes", "changes"]
        assert receiver.accepted[0]["data"] == {}


def test_a_test_that_fails_changes_nothing() -> None:
    """It is in the log, and the hook is as it was."""
    with receiving(lambda number: 500) as receiver:
        hook = _add(receiver)
        outcome = deliver_test(hook)
        assert (outcome.accepted, outcome.status) == (False, 500)
    assert find_hook(hook.pk).failures == 0
    assert [attempt.entries for attempt in attempts_of(hook, 9)] == [0]


def test_a_removed_hook_is_left_alone(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is removed during an attempt: nothing is recorded, and nothing fails."""
    _add(receiver)
    write_entries([{}])
    send = Receivers.send

    def send_and_remove(self: Receivers, *words: object) -> object:
        outcome = send(self, *words)  # type: ignore[arg-type]
        Hook.objects.all().delete()
        return outcome

    monkeypatch.setattr(Receivers, "send", send_and_remove)
    assert Deliverer().deliver_due() == 0


def test_what_is_not_for_a_hook_costs_few_writes(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """How far a hook is, is written when it is far behind; one look at an unchanged journal examines no entry twice."""
    monkeypatch.setattr(delivering, "BEHIND", 3)
    (begin,) = write_entries([{}])
    hook = _add(receiver, resources=["event"])
    deliverer = Deliverer()
    write_entries([{}, {}])
    for _ in range(2):
        assert deliverer.deliver_due() == 0
        assert find_hook(hook.pk).delivered == begin
    write_entries([{}])
    assert deliverer.deliver_due() == 0
    assert find_hook(hook.pk).delivered == latest_serial()
    write_entries([{"kind": "Event"}])
    assert deliverer.deliver_due() == 1


def test_successes_are_in_the_log(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    """With the serials, for whoever looks for one."""
    caplog.set_level(logging.INFO, "launchledger.hooks")
    hook = _add(receiver)
    first, last = write_entries([{}, {}])
    Deliverer().deliver_due()
    assert [record.getMessage() for record in caplog.records if record.name == "launchledger.hooks"] == [
        f"hook {hook.pk} at 127.0.0.1 accepted entries {first} to {last}"
    ]
