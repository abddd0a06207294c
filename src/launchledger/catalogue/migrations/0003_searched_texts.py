"""The texts that searches look in, and an index of every run of three characters in them (`_trigrams`).

The texts of a catalogue that is there already are written when it is prepared (`complete_texts`).
"""

from django.db import migrations, models

from launchledger.catalogue.migrations._trigrams import drop, index

class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_orders_that_run_down")]

    operations = [
        migrations.CreateModel(
            name="SearchedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("resource", models.TextField()),
                ("key", models.TextField()),
                ("text", models.TextField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("resource", "key"), name="searched_text_of_object")]},
        ),
        migrations.RunPython(index, drop),
    ]
