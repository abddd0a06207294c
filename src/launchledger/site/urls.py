"""All routes of the server."""

from django.urls import include, path
from django.views.generic import RedirectView

from launchledger.api.document import swagger

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="index")),
    path("", include("launchledger.api.urls")),
    path("docs/", swagger, name="docs"),
    path("", include("launchledger.ops.urls")),
]

handler400 = "launchledger.api.errors.bad_request"
handler404 = "launchledger.api.errors.not_found"
handler500 = "launchledger.api.errors.server_error"
