"""Transactions get numbers, and entries the time when what they say was so.

Entries of before share a transaction if they have the same time of writing, and the number is the serial of the first of them.
When they were observed is not known: it was never written.
"""

from django.db import migrations, models

NUMBER_TRANSACTIONS = """
UPDATE journal_entry SET "transaction" = numbered.number
FROM (SELECT "serial", min("serial") OVER (PARTITION BY "at") AS number FROM journal_entry) AS numbered
WHERE numbered."serial" = journal_entry."serial"
"""


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='observed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='transaction',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER_TRANSACTIONS, migrations.RunSQL.noop),
    ]
