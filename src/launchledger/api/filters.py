"""The filters of each resource, beside its path. A value that does not parse, or names nothing, is a 400."""

from __future__ import annotations

import django_filters

from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight


class SpacecraftFlightFilters(django_filters.FilterSet):
    spacecraft = django_filters.ModelChoiceFilter(queryset=Spacecraft.objects.all(), help_text="The id of a spacecraft.")

    class Meta:
        model = SpacecraftFlight
        fields: tuple[str, ...] = ()


FILTERS: dict[str, type[django_filters.FilterSet]] = {
    "spacecraft/flight": SpacecraftFlightFilters,
}
