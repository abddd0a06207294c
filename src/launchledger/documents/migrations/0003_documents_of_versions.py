"""Documents are stored under the label of their shape, which names its version. Those of bare names are deleted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("serving", "0002_documents_of_other_shapes")]

    operations = [
        migrations.RunSQL("DELETE FROM serving_document", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM serving_use", migrations.RunSQL.noop),
    ]
