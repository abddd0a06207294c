"""Places that follow from other rows are marked as such, where their positions used to begin at 1,000,000."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

LINKS = ("astronautflightslink", "astronautlandingslink", "astronautspacewalkslink", "spacestationactiveexpeditionslink")
FOLLOWING = 1_000_000


def mark(apps: Any, editor: Any) -> None:
    for name in LINKS:
        places = apps.get_model("catalogue", name).objects.filter(position__gte=FOLLOWING)
        places.update(follows=True, position=F("position") - FOLLOWING)


def unmark(apps: Any, editor: Any) -> None:
    for name in LINKS:
        apps.get_model("catalogue", name).objects.filter(follows=True).update(position=F("position") + FOLLOWING)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0010_observed_states'),
    ]

    operations = [
        *(migrations.RemoveConstraint(model_name=name, name=f"{name}_place") for name in LINKS),
        *(
            migrations.AddField(model_name=name, name="follows", field=models.BooleanField(default=False))
            for name in LINKS
        ),
        migrations.RunPython(mark, unmark),
        *(
            migrations.AddConstraint(
                model_name=name,
                constraint=models.UniqueConstraint(fields=("owner", "follows", "position"), name=f"{name}_place"),
            )
            for name in LINKS
        ),
    ]
