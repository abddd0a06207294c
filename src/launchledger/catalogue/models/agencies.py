"""Agencies and their types."""

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Link, Observed


class AgencyType(Observed):
    kind = "AgencyType"
    id = column.key()
    name = column.text("")


class Agency(Observed):
    kind = "Agency"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    featured = column.boolean(False)
    type = column.text()
    agency_type = column.one(AgencyType, db_index=False)
    agency_type_text = column.text()
    country_code = column.text("")
    countries_text = column.text()
    abbrev = column.text("")
    description = column.text()
    administrator = column.text()
    founding_year = column.text()
    launchers = column.text("")
    spacecraft = column.text("")
    parent = column.text()
    image_url = column.text()
    picture = column.one("Image", db_index=False)
    picture_text = column.text()
    logo_url = column.text()
    launch_library_url = column.text()
    total_launch_count = column.integer()
    successful_launches = column.integer()
    consecutive_successful_launches = column.integer()
    failed_launches = column.integer()
    pending_launches = column.integer()
    successful_landings = column.integer()
    failed_landings = column.integer()
    attempted_landings = column.integer()
    consecutive_successful_landings = column.integer()
    info_url = column.text()
    wiki_url = column.text()
    nation_url = column.text()
    computed = column.computed()


class AgencyCountriesLink(Link):
    owner = column.owner(Agency, listed_as="countries")
    member = column.member("Country")
