"""When rows were deleted; launches that were have no place in lists, so their column `listed` and its indexes are made anew."""

from typing import Any

from django.db import migrations, models
from django.db.models import Case, Q, When

MODELS = """
    agency agencytype astronaut astronautflight astronautrole astronautstatus astronauttype
    dockingevent dockinglocation event eventtype expedition firststage firststagetype infourltype
    landing landinglocation landingtype language launch launcher launcherconfiguration launchstatus
    location mission missionpatch missiontype netprecision notice noticetype orbit pad program
    programtype roadclosure roadclosurestatus spacecraft spacecraftconfiguration
    spacecraftconfigurationtype spacecraftflight spacecraftstatus spacestation spacestationstatus
    spacestationtype spacewalk starshipdashboard timelineeventtype update vidurltype
"""
IN_NONE = Q(("deleted_at__isnull", False)) | Q(("status__isnull", True))
LACKING = Q(
    *((f"{name}__isnull", True) for name in ("status", "launch_service_provider", "pad", "configuration")), _connector=Q.OR
)
OF_LISTS = {
    "launch_net": ["net"],
    "launch_updated": ["last_updated"],
    "launch_name": ["name_key"],
    "launch_provider": ["launch_service_provider", "net"],
    "launch_pad": ["pad", "net"],
    "launch_status": ["status", "net"],
    "launch_configuration": ["configuration", "net"],
}
DOWN = {"launch_net_down": "net", "launch_updated_down": "last_updated"}  # of PostgreSQL alone (see 0002)


def drop(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for name in DOWN:
            editor.execute(f"DROP INDEX IF EXISTS {name}")


def create(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for name, column in DOWN.items():
            columns = f"{column} DESC NULLS LAST, id, listed"
            editor.execute(f"CREATE INDEX {name} ON catalogue_launch ({columns}) WHERE listed IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_places_that_follow'),
    ]

    operations = [
        *(
            operation
            for name in MODELS.split()
            for operation in (
                migrations.AddField(model_name=name, name="deleted_at", field=models.DateTimeField(null=True)),
                migrations.AddIndex(
                    model_name=name,
                    index=models.Index(fields=["id"], condition=Q(("deleted_at__isnull", False)), name=f"{name}_rm"),
                ),
            )
        ),
        migrations.RunPython(drop, create),
        *(migrations.RemoveIndex(model_name="launch", name=name) for name in OF_LISTS),
        migrations.RemoveField(model_name="launch", name="listed"),
        migrations.AddField(
            model_name="launch",
            name="listed",
            field=models.GeneratedField(
                expression=Case(When(IN_NONE, then=None), When(LACKING, then=1), default=2),
                output_field=models.SmallIntegerField(null=True),
                db_persist=True,
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="launch",
                index=models.Index(fields=[*columns, "id", "listed"], condition=Q(("listed__isnull", False)), name=name),
            )
            for name, columns in OF_LISTS.items()
        ),
        migrations.RunPython(create, drop),
    ]
