"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from launchledger.conf.config import load_config
from launchledger.conf.logging import configure_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
configure_logging(load_config())
application = get_wsgi_application()
