from django.urls import path

from launchledger.ops.health import healthz, readyz
from launchledger.ops.status import mirror_status

# With a last slash too: some load balancers always add one.
PROBES = frozenset({"/healthz", "/healthz/", "/readyz", "/readyz/"})

urlpatterns = [path(probe.removeprefix("/"), healthz if "health" in probe else readyz) for probe in sorted(PROBES)]
# With the prefix /ledger, /ledger/status/ is /status/.
urlpatterns += [path("ledger/status/", mirror_status, name="status"), path("status/", mirror_status)]
