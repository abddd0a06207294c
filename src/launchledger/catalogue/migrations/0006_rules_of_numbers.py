"""Keep by which rules the derived numbers were computed; those of a catalogue that is there already were computed by older ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0005_launches_known_by_names")]

    operations: ClassVar = [
        migrations.AddField("clock", "rules", models.SmallIntegerField(default=0)),
    ]
