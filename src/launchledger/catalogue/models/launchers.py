"""Launcher configurations, individual launchers, and the flights of these as first stages."""

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Link, Observed


class LauncherConfiguration(Observed):
    kind = "LauncherConfiguration"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    manufacturer = column.one("Agency", listed_as="launcher_list")
    manufacturer_position = column.position()
    family = column.text("")
    full_name = column.text("")
    variant = column.text("")
    reusable = column.boolean(False)
    image_url = column.text()
    info_url = column.text()
    wiki_url = column.text()
    active = column.boolean(False)
    description = column.text("")
    alias = column.text("")
    min_stage = column.integer()
    max_stage = column.integer()
    length = column.number()
    diameter = column.number()
    maiden_flight = column.date()
    launch_cost = column.text()
    launch_mass = column.integer()
    leo_capacity = column.integer()
    gto_capacity = column.integer()
    to_thrust = column.integer()
    apogee = column.integer()
    vehicle_range = column.integer()
    total_launch_count = column.integer()
    consecutive_successful_launches = column.integer()
    successful_launches = column.integer()
    failed_launches = column.integer()
    pending_launches = column.integer()
    attempted_landings = column.integer()
    successful_landings = column.integer()
    failed_landings = column.integer()
    consecutive_successful_landings = column.integer()
    computed = column.computed()


class Launcher(Observed):
    kind = "Launcher"
    id = column.key()
    flight_proven = column.boolean(False)
    serial_number = column.text()
    serial_number_key = column.sort_key_of_name()
    is_placeholder = column.boolean(False)
    status = column.text("")
    details = column.text("")
    launcher_config = column.one(LauncherConfiguration)
    image_url = column.text()
    flights = column.integer()
    last_launch_date = column.date_time()
    first_launch_date = column.date_time()
    successful_landings = column.integer()
    attempted_landings = column.integer()
    computed = column.computed()


class FirstStageType(Observed):
    kind = "FirstStageType"
    id = column.key()
    name = column.text("")


class FirstStage(Observed):
    kind = "FirstStage"
    id = column.key()
    type = column.text("")
    reused = column.boolean()
    launcher_flight_number = column.integer()
    launcher = column.one(Launcher)
    landing = column.one("Landing")
    previous_flight_date = column.date_time()
    turn_around_time_days = column.integer()
    previous_flight = column.one("Launch")
    launch = column.one("Launch", listed_as="launcher_stage")
    launch_position = column.position()
    computed = column.computed()


class LauncherConfigurationProgramLink(Link):
    owner = column.owner(LauncherConfiguration, listed_as="program")
    member = column.member("Program")
