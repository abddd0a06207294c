"""The desk as a site of Django's admin: its lists of objects, its log-in, and the routes."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from launchledger.catalogue.models.kinds import kinds
from launchledger.curation.desk.lists import ObjectAdmin
from launchledger.wire.served import DEFAULT


class Desk(AdminSite):
    site_title = "Launchledger"
    site_header = "The desk of Launchledger"
    index_title = "What is in the catalogue"
    enable_nav_sidebar = False
    login_form = AuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a user may look."""
        return bool(request.user.is_authenticated)


def make_desk() -> Desk:
    """The desk with all kinds of objects that have an id on the wire."""
    desk = Desk(name="desk")
    for kind, model in kinds().items():
        if kind in DEFAULT.reader.keyed_models:
            desk.register(model, ObjectAdmin)
    return desk
