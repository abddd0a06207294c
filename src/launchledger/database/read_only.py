"""Serving a catalogue that must not, or cannot, be written to (docs/adr/0029)."""

from __future__ import annotations

import os

from django.conf import settings
from django.db import connections

from launchledger.conf.config import load_config
from launchledger.conf.databases import database


def begin_read_only() -> None:
    """Make this process, and those that it starts, read-only. Call it before the database is first used."""
    os.environ["LAUNCHLEDGER_READ_ONLY"] = "yes"  # for child processes, where the system does not fork
    settings.READ_ONLY = True
    connections.close_all()
    connections["default"].settings_dict.update(database(load_config().database_url, read_only=True))
