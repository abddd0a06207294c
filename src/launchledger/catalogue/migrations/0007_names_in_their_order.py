"""Sort keys of names, by which lists are ordered alike on every database (docs/adr/0018)."""

import launchledger.catalogue.models.column
from django.db import migrations, models

from launchledger.catalogue.migrations._sort_keys import write_keys


NAMED = ("Agency", "Astronaut", "Launch", "LauncherConfiguration", "MissionPatch", "Program", "SpacecraftConfiguration", "SpaceStation")


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0006_rules_of_numbers'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='astronaut',
            name='astronaut_name',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_name',
        ),
        migrations.AddField(
            model_name='agency',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='astronaut',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='launch',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='launcher',
            name='serial_number_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='launcherconfiguration',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='missionpatch',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='spacecraftconfiguration',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddField(
            model_name='spacestation',
            name='name_key',
            field=launchledger.catalogue.models.column.SortKey(null=True),
        ),
        migrations.AddIndex(
            model_name='astronaut',
            index=models.Index(fields=['name_key', 'id'], name='astronaut_name'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['name_key', 'id', 'listed'], name='launch_name'),
        ),
        migrations.RunPython(
            write_keys(*((kind, "name") for kind in NAMED), ("Launcher", "serial_number")), migrations.RunPython.noop
        ),
    ]
