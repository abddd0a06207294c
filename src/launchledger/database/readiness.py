"""Whether the database has the tables of this version. A load balancer checks each second, so it costs two queries.

Promises: each result is read from the database again. Only the result for a set of applied migrations is cached. A database of a
newer version is recognised by migrations that this version does not have: its tables may have any form.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

READY = ""
LACKING = "the database lacks this version's tables"
NEWER = "the database was made by a newer version"


def readiness() -> str:
    """READY, LACKING or NEWER. Raises what the database raises."""
    found = set(connection.introspection.table_names())
    migrations = MigrationRecorder.Migration._meta.db_table
    if migrations not in found:
        return LACKING
    state = _state(frozenset(MigrationRecorder(connection).migration_qs.values_list("app", "name")))
    if state == READY and not found.issuperset(connection.introspection.django_table_names(include_views=False)):
        return LACKING
    return state


def has_tables() -> bool:
    """Whether the database has every table of this version. Raises what the database raises."""
    return readiness() == READY


def unknown_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Those of these migrations (app, name) that are ours and not in this version, as `app.name`. Costs no query."""
    return [f"{app}.{name}" for app, name in applied if _is_ours(app) and (app, name) not in _known()]


def applied_migrations() -> list[tuple[str, str]]:
    """The migrations that were applied to the database, oldest first."""
    return list(MigrationRecorder(connection).migration_qs.order_by("id").values_list("app", "name"))


@lru_cache(maxsize=2)
def _state(applied: frozenset[tuple[str, str]]) -> str:
    if unknown_migrations(applied):
        return NEWER
    executor = MigrationExecutor(connection)
    return LACKING if executor.migration_plan(executor.loader.graph.leaf_nodes()) else READY


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _is_ours(label: str) -> bool:
    """Whether an app of this label is one of ours; a database may have tables of other programs too."""
    try:
        return apps.get_app_config(label).name.startswith("launchledger.")
    except LookupError:
        return False
