"""The WSGI application, ready before the first request comes."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from launchledger.conf.config import load_config
from launchledger.conf.logging import configure_logging
from launchledger.site.memory import configure_allocator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
configure_logging(load_config())
configure_allocator()
_django = get_wsgi_application()
_ = get_resolver().url_patterns

from launchledger.site.edge import compose  # noqa: E402  (it reads models, which are there only now)
from launchledger.site.failures import Guarded  # noqa: E402

application = Guarded(compose(_django))
