"""The searched texts belong to a search, of which a kind of rows may have several.

They are made anew when the catalogue is prepared (`complete_texts`): the table is created anew, and not changed under its triggers.
"""

from django.db import migrations, models

from launchledger.catalogue.migrations._trigrams import drop, index


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0012_deleted_rows")]

    operations = [
        migrations.RunPython(drop, index),
        migrations.DeleteModel("SearchedText"),
        migrations.CreateModel(
            name="SearchedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("search", models.TextField()),
                ("key", models.TextField()),
                ("text", models.TextField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("search", "key"), name="searched_text_of_object")]},
        ),
        migrations.RunPython(index, drop),
    ]
