"""What the server runs: settings are named by the environment."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
