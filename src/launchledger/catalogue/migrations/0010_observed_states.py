"""States of watched columns; what older versions kept of them is the last one, with the time at which it was seen last."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models

from launchledger.formats.encoding import encode_sorted
from launchledger.formats.times import UNKNOWN, format_date_time, parse_date_time

WATCHED = {
    "Astronaut": ("status",),
    "DockingEvent": ("docking", "departure"),
    "Event": ("date", "date_precision"),
    "Launch": ("net", "net_precision", "status", "window_start", "window_end"),
    "SpacecraftFlight": ("mission_end",),
}
BATCH = 500


def keep_last_states(apps: Any, editor: Any) -> None:
    state = apps.get_model("catalogue", "ObservedState")
    for kind, watched in WATCHED.items():
        rows = apps.get_model("catalogue", kind).objects.exclude(observations=[])
        state.objects.bulk_create((state(**each) for row in rows.iterator(BATCH) for each in _states(kind, watched, row)), BATCH)


def _states(kind: str, watched: tuple[str, ...], row: Any) -> Iterator[dict[str, Any]]:
    for at, source, columns, *_ in row.observations:
        told = {column: _in_wire_form(row, column) for column in watched if column in columns}
        updated = row.last_updated if "last_updated" in columns else None
        seen = parse_date_time(at)
        if told and (updated or seen != UNKNOWN):
            seen = max(seen, updated) if updated else seen
            month = seen.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            yield {
                "kind": kind,
                "key": str(row.pk),
                "since": updated or month,
                "is_dated": updated is not None,
                "state": encode_sorted(told).decode(),
                "first": seen,
                "last": seen,
                "source": source,
            }


def _in_wire_form(row: Any, column: str) -> Any:
    value = getattr(row, row._meta.get_field(column).attname)
    return format_date_time(value) if isinstance(value, datetime) else value


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0009_incomplete_launches'),
    ]

    operations = [
        migrations.CreateModel(
            name='ObservedState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('key', models.TextField()),
                ('since', models.DateTimeField()),
                ('is_dated', models.BooleanField()),
                ('state', models.TextField()),
                ('first', models.DateTimeField()),
                ('last', models.DateTimeField()),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'since', 'is_dated', 'state'), name='observed_state')],
            },
        ),
        migrations.RunPython(keep_last_states, migrations.RunPython.noop),
    ]
