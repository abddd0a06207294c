"""What commands do first: check the database, and upgrade it to this version's tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from launchledger.catalogue.actions import complete_texts, observe_starter, recompute_if_rules_changed
from launchledger.conf.checks import DATABASE, in_one_line
from launchledger.database.checks import check_opened
from launchledger.database.following import is_there
from launchledger.database.readiness import has_tables
from launchledger.database.tables import upgrade_tables
from launchledger.journal.reading import latest_serial

_LOCK = 0x4C61756E63685374  # "LaunchSt", the advisory lock's name on PostgreSQL


_READ_ONLY_HINT = "Read-only mode creates and upgrades nothing: start once without --read-only."


def prepare(*, starter: bool = False) -> int:
    """Create or upgrade the tables, and with `starter` load the starter into an empty catalogue. Returns the rows of the starter.

    Several processes may start at once: one prepares, the others wait for it. With READ_ONLY nothing is created.
    """
    if settings.READ_ONLY and not is_there():
        raise click.ClickException(f"There is no database. {_READ_ONLY_HINT}")
    if problems := run_checks(tags=[DATABASE]) or check_opened():
        raise click.ClickException("\n".join(map(in_one_line, problems)))
    if settings.READ_ONLY:
        if not has_tables():
            raise click.ClickException(f"The database lacks this version's tables. {_READ_ONLY_HINT}")
        return 0
    if has_tables() and not (starter and latest_serial() == 0):
        _upgrade_rows()
        return 0
    with _exclusive():
        if not has_tables():
            upgrade_tables()
        _upgrade_rows()
        return observe_starter() if starter else 0


def _upgrade_rows() -> None:
    """Write what a catalogue of an older version lacks: texts for searches, and derived numbers by the rules of this version."""
    complete_texts()
    if changed := recompute_if_rules_changed():
        noun = "object" if changed == 1 else "objects"
        click.echo(f"Recomputed the derived numbers by the rules of this version: {changed:,} {noun} changed.", err=True)


@contextmanager
def _exclusive() -> Iterator[None]:
    """Let one process at a time prepare this database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    elif sys.platform == "win32":
        yield
    else:
        import fcntl

        # The folder is locked because it exists already; a lock on the file itself would block the migrations.
        folder = os.open(Path(connection.settings_dict["NAME"]).absolute().parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
