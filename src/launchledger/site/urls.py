"""All routes of the server."""

from django.urls import include, path

from launchledger.api.document import swagger

urlpatterns = [
    path("", include("launchledger.explorer.urls")),
    path("", include("launchledger.ledger.urls")),  # before the many routes of the wire, which it would be compared with
    path("", include("launchledger.api.urls")),
    path("docs/", swagger, name="docs"),
    path("", include("launchledger.ops.urls")),
]

handler400 = "launchledger.api.errors.bad_request"
handler404 = "launchledger.site.errors.not_found"
handler500 = "launchledger.site.errors.server_error"
