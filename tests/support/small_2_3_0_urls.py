"""The routes of the site and those of the small version 2.3.0."""

from __future__ import annotations

from launchledger.api.urls import routes_of
from launchledger.site.urls import urlpatterns as of_the_site
from tests.support.small_2_3_0 import WIRE

urlpatterns = [*routes_of(WIRE), *of_the_site]
