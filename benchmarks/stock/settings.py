"""The settings of the compared server: its own apps, urls and framework settings on the same database."""

from __future__ import annotations

from launchledger.conf.settings import DATABASES, DEFAULT_AUTO_FIELD, READ_ONLY

__all__ = ["DATABASES", "DEFAULT_AUTO_FIELD", "READ_ONLY"]

SECRET_KEY = "made up: it protects nothing"
ALLOWED_HOSTS = ["*"]
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
ROOT_URLCONF = "benchmarks.stock.urls"
INSTALLED_APPS = [
    "django_filters",
    "rest_framework",
    "launchledger.journal.apps.JournalConfig",
    "launchledger.catalogue.apps.CatalogueConfig",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 10,
}
