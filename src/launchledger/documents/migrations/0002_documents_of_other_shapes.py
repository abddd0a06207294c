"""Documents that an earlier version rendered are deleted: launches in list mode look different now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("serving", "0001_initial"), ("catalogue", "0005_launches_known_by_names")]

    operations = [
        migrations.RunSQL("DELETE FROM serving_document", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM serving_use", migrations.RunSQL.noop),
    ]
