"""Launches that mode=list tells of: names in place of relations, and in which lists a launch is shown.

PostgreSQL's indexes for orders that run down are made anew, with the condition that lists have now (see 0002).
"""

from django.db import migrations, models


INDEXES = {
    "launch_net_down": "net DESC NULLS LAST, id, listed",
    "launch_updated_down": "last_updated DESC NULLS LAST, id, listed",
}


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name in INDEXES:
            editor.execute(f"DROP INDEX IF EXISTS {name}")


def create(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} ON catalogue_launch ({columns}) WHERE listed IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_starship_dashboard_lists'),
    ]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_net',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_updated',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_name',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_provider',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_pad',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_status',
        ),
        migrations.RemoveIndex(
            model_name='launch',
            name='launch_configuration',
        ),
        migrations.AddField(
            model_name='launch',
            name='listed',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('status__isnull', True)), then=None), models.When(models.Q(('status__isnull', True), ('launch_service_provider__isnull', True), ('pad__isnull', True), ('configuration__isnull', True), _connector='OR'), then=1), default=2), output_field=models.SmallIntegerField(null=True)),
        ),
        migrations.AddField(
            model_name='launch',
            name='location_name',
            field=models.TextField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name='launch',
            name='lsp_name',
            field=models.TextField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name='launch',
            name='mission_name',
            field=models.TextField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name='launch',
            name='mission_type',
            field=models.TextField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name='launch',
            name='pad_name',
            field=models.TextField(blank=True, default=None, null=True),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['net', 'id', 'listed'], name='launch_net'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['last_updated', 'id', 'listed'], name='launch_updated'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['name', 'id', 'listed'], name='launch_name'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['launch_service_provider', 'net', 'id', 'listed'], name='launch_provider'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['pad', 'net', 'id', 'listed'], name='launch_pad'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['status', 'net', 'id', 'listed'], name='launch_status'),
        ),
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('listed__isnull', False)), fields=['configuration', 'net', 'id', 'listed'], name='launch_configuration'),
        ),
        migrations.AddField(
            model_name="astronaut",
            name="agency_name",
            field=models.TextField(blank=True, default=None, null=True),
        ),
        migrations.RunPython(create, drop),
    ]
