"""Whether the database is there with the tables of this version: asked each second by whoever watches, so it costs two queries.

Promises: each answer is read from the database anew. Only what follows from a set of applied migrations is remembered.
"""

from __future__ import annotations

from functools import lru_cache

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


def has_tables() -> bool:
    """Whether every table of this version is there, as its migrations leave it. Raises what the database raises."""
    needed = {*connection.introspection.django_table_names(include_views=False), MigrationRecorder.Migration._meta.db_table}
    if not needed.issubset(connection.introspection.table_names()):
        return False
    return _are_all(frozenset(MigrationRecorder(connection).migration_qs.values_list("app", "name")))


@lru_cache(maxsize=2)
def _are_all(applied: frozenset[tuple[str, str]]) -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
