"""Keeping the numbers right as time passes: a launch flies, a flight ends, somebody has a birthday.

Promises: what passed since the last refresh is found by indexes, outside the writers' lock; where nothing passed nothing is
written, but the clock once an hour; several servers on one catalogue do the work once.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db import Error, connections
from django.db.models import Q
from django.utils import timezone

from launchledger.catalogue.actions.recomputing import recompute, settle
from launchledger.catalogue.actions.rows import Rows
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.clock import Clock
from launchledger.catalogue.statistics.affected import AffectedRows, crossed
from launchledger.catalogue.statistics.numbers import RULES
from launchledger.database.following import follow
from launchledger.database.unavailable import why_unavailable
from launchledger.journal.writing import write, writing

_LONGEST_MARK = timedelta(hours=1)  # a clock older than this is written although nothing passed, so that looks back stay short
_MOST_BIRTHDAYS = 31  # days; for a longer time every astronaut is looked at
_PERIOD = 15.0  # seconds

_logger = logging.getLogger("launchledger.catalogue")


def refresh(now: datetime | None = None) -> int:
    """Bring the numbers in line with what passed since the last time, and tell how many objects that changed.

    The first time, when the clock was set back, and when the rules of the numbers are others than those of the last time, every
    number is computed.
    """
    now = now or timezone.now()
    since = _valid_mark()
    if since is not None and since <= now and now - since < _LONGEST_MARK and not _passed(since, now).rows:
        return 0
    with writing():
        since = _valid_mark()  # another server may have been quicker
        if since is None or since > now:
            changed = recompute(now)
        else:
            rows = Rows()
            settle(_passed(since, now), rows, now)
            entries = rows.entries(now)
            write(entries)
            changed = len(entries)
        Clock.objects.update_or_create(pk=1, defaults={"refreshed_at": now, "rules": RULES})
    return changed


def follow_rules() -> int:
    """Compute every number anew if those that are stored follow the rules of another version; tells how many objects changed.

    Costs one read where the rules are the same.
    """
    if _valid_mark() is not None:
        return 0
    return refresh()


def _valid_mark() -> datetime | None:
    """The moment of the last refresh by the rules of this version; None where there was none."""
    return Clock.objects.filter(rules=RULES).values_list("refreshed_at", flat=True).first()


def _passed(since: datetime, now: datetime) -> AffectedRows:
    touched = AffectedRows()
    crossed(touched, since, now)
    born = _born_between(since.astimezone(UTC).date(), now.astimezone(UTC).date())
    if born is not None:
        touched.add(Astronaut, Astronaut.objects.filter(born).values_list("pk", flat=True))
    for model in [model for model, keys in touched.rows.items() if not keys]:
        del touched.rows[model]
    return touched


def _born_between(after: date, until: date) -> Q | None:
    """Those living whose birthday is after one day and not after another; 29 February is kept on 1 March as well."""
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

    What fails is logged, and the next time comes. Processes that are forked meanwhile wait for the end of a refresh, so that no
    child is a copy of half a transaction, and find no thread in themselves.
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
        """One refresh, with connections of its own that do not outlive it."""
        with self._at_work:
            try:
                follow()
                self._refresh()
            except Error as error:
                if not why_unavailable(error):
                    _logger.exception("the numbers that depend on the time could not be refreshed")
            except Exception:
                _logger.exception("the numbers that depend on the time could not be refreshed")
            finally:
                connections.close_all()

    def _run(self) -> None:
        while not self._stopping.wait(self._period):
            self.run_once()
