"""Launches that lists do not show in their normal shape, in an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_more_names_in_their_order'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='launch',
            index=models.Index(condition=models.Q(('status__isnull', True), ('launch_service_provider__isnull', True), ('pad__isnull', True), ('configuration__isnull', True), _connector='OR'), fields=['id'], name='launch_incomplete'),
        ),
    ]
