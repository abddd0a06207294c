"""All routes of the server."""

from django.conf import settings
from django.urls import include, path

from launchledger.api.document import swagger

urlpatterns = [
    path("", include("launchledger.explorer.urls")),
    path("", include("launchledger.ledger.urls")),  # before the many routes of the wire, which it would be compared with
    path("", include("launchledger.api.urls")),
    path("docs/", swagger, name="docs"),
    path("", include("launchledger.ops.urls")),
]

if settings.CURATION:
    from launchledger.curation.desk.site import make_desk  # Django's admin cannot be imported where it is not installed

    urlpatterns.append(path("desk/", make_desk().urls))

handler400 = "launchledger.api.errors.bad_request"
handler404 = "launchledger.site.errors.not_found"
handler500 = "launchledger.site.errors.server_error"
