"""Creating and upgrading the tables.

Promises: an empty database gets all tables of this version in one transaction, with the columns, indexes and constraints that the
migrations give (a test compares them), in a fiftieth of their time. Every other database is migrated, a migration in one
transaction: killed at any time, the next start goes on. Call it in one process at a time.

An app whose migrations create more than its models declare has a method `create_indexes(editor)`, which creates the same.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


def upgrade_tables() -> None:
    """Create the tables of this version, or upgrade those of an older one. Raises what the database raises."""
    if _is_empty():
        _create()
    else:
        call_command("migrate", verbosity=0, interactive=False)


def _is_empty() -> bool:
    """Whether the database has none of our tables, and no migration was applied to it."""
    ours = {*connection.introspection.django_table_names(), MigrationRecorder.Migration._meta.db_table}
    return ours.isdisjoint(connection.introspection.table_names())


def _create() -> None:
    executor = MigrationExecutor(connection)
    migrations = executor.migration_plan(executor.loader.graph.leaf_nodes())  # all of them, in their order
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for config in apps.get_app_configs():
            if hasattr(config, "create_indexes"):
                config.create_indexes(editor)
        for migration, _ in migrations:
            executor.recorder.record_applied(migration.app_label, migration.name)
