from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0003_revived_objects'),
    ]

    operations = [
        migrations.CreateModel(
            name='Compaction',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('serial', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('done', models.BigIntegerField(default=0)),
            ],
        ),
    ]
