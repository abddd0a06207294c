from django.urls import path

from launchledger.ops.health import healthz, readyz

# With a last slash too: some who ask cannot be told to leave it out.
PROBES = frozenset({"/healthz", "/healthz/", "/readyz", "/readyz/"})

urlpatterns = [path(probe.removeprefix("/"), healthz if "health" in probe else readyz) for probe in sorted(PROBES)]
