from django.urls import path

from launchledger.ops.health import healthz, readyz

urlpatterns = [path("healthz", healthz), path("readyz", readyz)]
