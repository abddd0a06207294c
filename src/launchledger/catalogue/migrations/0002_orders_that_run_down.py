"""Indexes for orders that run down, with what has no value last.

SQLite reads an index either way and puts what has no value where it is asked to; PostgreSQL reads it backwards with that first, so
it needs an index for each of these orders. SQLite in turn has no way to write one, so they are in no model.
"""

from django.db import migrations

INDEXES = {
    "launch_net_down": "catalogue_launch (net DESC NULLS LAST, id) WHERE status_id IS NOT NULL",
    "launch_updated_down": "catalogue_launch (last_updated DESC NULLS LAST, id) WHERE status_id IS NOT NULL",
    "event_date_down": "catalogue_event (date DESC NULLS LAST, id)",
    "update_created_down": "catalogue_update (created_on DESC NULLS LAST, id)",
}


def create(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name, what in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} ON {what}")


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name in INDEXES:
            editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
