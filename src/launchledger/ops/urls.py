from django.urls import path

from launchledger.ops.health import healthz, readyz

# With a last slash too: some load balancers always add one.
PROBES = frozenset({"/healthz", "/healthz/", "/readyz", "/readyz/"})

urlpatterns = [path(probe.removeprefix("/"), healthz if "health" in probe else readyz) for probe in sorted(PROBES)]
