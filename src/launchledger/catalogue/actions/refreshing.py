"""Updating the derived numbers as time passes: a launch flies, a flight ends, somebody has a birthday.

Promises: times that passed since the last refresh are found by indexes, outside the writers' lock; where none passed nothing is
written, except the clock once an hour; several servers on one catalogue do the work once.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db import Error, connections
from django.db.models import Q

from launchledger import clock
from launchledger.catalogue.actions.overriding import end_due_overrides
from launchledger.catalogue.actions.recomputing import recompute, recompute_affected
from launchledger.catalogue.actions.rows import Rows
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.clock import Clock
from launchledger.catalogue.statistics.affected import AffectedRows, add_passed
from launchledger.catalogue.statistics.numbers import RULES
from launchledger.database.following import follow
from launchledger.database.unavailable import why_unavailable
from launchledger.journal.writing import write, writing

_CLOCK_WRITE_INTERVAL = timedelta(hours=1)  # an older clock is written although nothing passed, so that lookups stay short
_MOST_BIRTHDAYS = 31  # days; for a longer time every living astronaut is recomputed
_PERIOD = 15.0  # seconds

_logger = logging.getLogger("launchledger.catalogue")


def refresh(now: datetime | None = None) -> int:
    """End overrides whose time has come, and update the numbers for the time since the last refresh.

    Returns how many overrides ended and how many objects changed otherwise.

    The first time, after the clock was set back, and when the rules of the numbers changed since the last refresh, every number
    is recomputed.
    """
    now = now or clock.now()
    return end_due_overrides(now) + _refresh_numbers(now)


def _refresh_numbers(now: datetime) -> int:
    since = _last_valid_refresh()
    if since is not None and since <= now and now - since < _CLOCK_WRITE_INTERVAL and not _affected_by_time(since, now).rows:
        return 0
    with writing():
        since = _last_valid_refresh()  # another server may have been quicker
        if since is None or since > now:
            changed = recompute(now)
        else:
            rows = Rows()
            recompute_affected(_affected_by_time(since, now), rows, now)
            entries = rows.entries(now)
            write(entries)
            changed = len(entries)
        Clock.objects.update_or_create(pk=1, defaults={"refreshed_at": now, "rules": RULES})
    return changed


def recompute_if_rules_changed() -> int:
    """Recompute every number if the stored ones follow the rules of another version; returns how many objects that changed.

    Costs one read where the rules are the same.
    """
    if _last_valid_refresh() is not None:
        return 0
    return refresh()


def _last_valid_refresh() -> datetime | None:
    """The time of the last refresh by the rules of this version; None where there was none."""
    return Clock.objects.filter(rules=RULES).values_list("refreshed_at", flat=True).first()


def _affected_by_time(since: datetime, now: datetime) -> AffectedRows:
    affected = AffectedRows()
    add_passed(affected, since, now)
    born = _born_between(since.astimezone(UTC).date(), now.astimezone(UTC).date())
    if born is not None:
        affected.add(Astronaut, Astronaut.objects.filter(born).values_list("pk", flat=True))
    for model in [model for model, keys in affected.rows.items() if not keys]:
        del affected.rows[model]
    return affected


def _born_between(after: date, until: date) -> Q | None:
    """Living people with a birthday after one day and until another; one on 29 February also counts on 1 March."""
    days = (until - after).days
    if days <= 0:
        return None
    living = Q(date_of_birth__isnull=False, date_of_death__isnull=True)
    if days > _MOST_BIRTHDAYS:
        return living
    birthdays = {(day.month, day.day) for day in (after + timedelta(days=number) for number in range(1, days + 1))}
    if (3, 1) in birthdays:
        birthdays.add((2, 29))
    found = Q()
    for month, day in birthdays:
        found |= Q(date_of_birth__month=month, date_of_birth__day=day)
    return living & found


class Refresher:
    """Refreshes the numbers in a thread of its own while a server runs: `with Refresher(): serve()`.

    A refresh that fails is logged and retried after the next period. A fork waits for the end of a refresh, so that no child is
    a copy of half a transaction; the child has no refresher.
    """

    def __init__(self, period: float = _PERIOD, refresh: Callable[[], int] = refresh) -> None:
        self._period = period
        self._refresh = refresh
        self._stopping = threading.Event()
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)

    def __enter__(self) -> Refresher:
        os.register_at_fork(
            before=self._at_work.acquire, after_in_parent=self._at_work.release, after_in_child=self._at_work.release
        )
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stopping.set()
        self._thread.join()

    def run_once(self) -> None:
        """One refresh, on connections that are closed after it."""
        with self._at_work:
            try:
                follow()
                self._refresh()
            except Error as error:
                if not why_unavailable(error):
                    _logger.exception("refreshing the numbers that depend on the time failed, retrying in %s s", self._period)
            except Exception:
                _logger.exception("refreshing the numbers that depend on the time failed, retrying in %s s", self._period)
            finally:
                connections.close_all()

    def _run(self) -> None:
        while not self._stopping.wait(self._period):
            self.run_once()
