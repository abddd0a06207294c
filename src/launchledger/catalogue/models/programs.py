"""Programs, mission patches, and updates on launches and events."""

from django.db import models

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Link, Observed


class ProgramType(Observed):
    kind = "ProgramType"
    id = column.key()
    name = column.text("")


class Program(Observed):
    kind = "Program"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    description = column.text()
    image_url = column.text()
    start_date = column.date_time()
    end_date = column.date_time()
    info_url = column.text()
    wiki_url = column.text()
    type = column.one(ProgramType)


class MissionPatch(Observed):
    kind = "MissionPatch"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    priority = column.integer(0)
    image_url = column.text("")
    agency = column.one("Agency")


class Update(Observed):
    kind = "Update"
    id = column.key()
    profile_image = column.text("")
    comment = column.text()
    info_url = column.text()
    created_by = column.text("")
    created_on = column.date_time()
    launch = column.one("Launch", listed_as="updates")
    launch_position = column.position()
    event = column.one("Event", listed_as="updates")
    event_position = column.position()

    class Meta:
        indexes = [*Observed.Meta.indexes, models.Index(fields=["created_on", "id"], name="update_created")]


class ProgramAgenciesLink(Link):
    owner = column.owner(Program, listed_as="agencies")
    member = column.member("Agency")


class ProgramMissionPatchesLink(Link):
    owner = column.owner(Program, listed_as="mission_patches")
    member = column.member("MissionPatch")
