"""Sort keys of the other names that lists run by (docs/adr/0018)."""

import launchledger.catalogue.models.column
from django.db import migrations, models

from launchledger.catalogue.migrations._sort_keys import write_keys

NAMED = ("Event", "Expedition", "Location", "Pad", "Spacecraft")


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_names_in_their_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='expedition',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='location',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='pad',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='spacecraft',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['name_key', 'id'], name='event_name'),
        ),
        migrations.RunPython(write_keys(*((kind, "name") for kind in NAMED)), migrations.RunPython.noop),
    ]
