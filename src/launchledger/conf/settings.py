"""Django's settings, all derived from `config`. Apps and urls are named as text, so this layer imports nothing above it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured

from launchledger.conf.checks import in_one_line, missing_client, missing_driver, missing_key
from launchledger.conf.config import load_config
from launchledger.conf.cors import REQUEST_HEADERS
from launchledger.conf.databases import database

_config = load_config()

SECRET_KEY = _config.secret_key or secrets.token_urlsafe(50)  # Django requires one
HOOKS_KEY = _config.secret_key
HOOKS_PRIVATE = _config.hooks_private
PUBLIC_URL = _config.public_url
ALLOWED_HOSTS = list(_config.allowed_hosts)
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "launchledger.site.urls"
WSGI_APPLICATION = "launchledger.site.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "corsheaders",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "launchledger.conf.apps.ConfConfig",
    "launchledger.journal.apps.JournalConfig",
    "launchledger.access.apps.AccessConfig",
    "launchledger.catalogue.apps.CatalogueConfig",
    "launchledger.documents.apps.DocumentsConfig",
    "launchledger.ingest.apps.IngestConfig",
    "launchledger.sync.apps.SyncConfig",
    "launchledger.hooks.apps.HooksConfig",
    "launchledger.api.apps.ApiConfig",
    "launchledger.explorer.apps.ExplorerConfig",
]

MIDDLEWARE = [
    "launchledger.api.cors.OpenCorsMiddleware",
    "launchledger.site.middleware.SafetyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "launchledger.site.hosts.HostMiddleware",  # before any code reads the host of the request
    "django.middleware.common.CommonMiddleware",
]

TEMPLATES: list[dict[str, object]] = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]


READ_ONLY = _config.read_only
DATABASES = {"default": database(_config.database_url, read_only=READ_ONLY)}
if _problems := missing_driver(DATABASES["default"]["ENGINE"]):
    raise ImproperlyConfigured("\n".join(map(in_one_line, _problems)))

THROTTLE_ANONYMOUS = _config.throttle_anonymous
THROTTLE_KEYS = _config.throttle_keys
REFUSE_UNKNOWN_KEYS = _config.unknown_keys == "refuse"
COUNTERS_URL = _config.cache_url
TRUSTED_PROXIES = _config.trusted_proxies
PATH_PREFIX = _config.path_prefix
IDLE_TIMEOUT = _config.idle_timeout
CONNECTIONS = _config.connections
RESPONSE_CACHE_BYTES = _config.response_cache_mb * 1024 * 1024
STATEMENT_TIMEOUT = _config.statement_timeout_ms / 1000  # seconds
MAX_AGES = _config.max_age
REMOTE_PICTURES = _config.remote_pictures
SURROGATE_KEYS = _config.surrogate_keys
PURGE_TOKEN = _config.purge_token
UPSTREAM_KEY = _config.upstream_key
UPSTREAM_RATE = _config.upstream_rate
CONTACT = _config.contact
KEPT_REPLIES_AGE = _config.kept_replies_days * 86_400  # seconds
MAX_SYNC_AGE = _config.max_sync_age
KEPT_REPLIES_BYTES = _config.kept_replies_mb * 1024 * 1024
if _problems := missing_client(COUNTERS_URL):
    raise ImproperlyConfigured("\n".join(map(in_one_line, _problems)))

AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = ["launchledger.access.hashing.Argon2"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name",)}},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]

CURATION = _config.curation and not READ_ONLY  # a log-in writes
if _problems := missing_key(_config.secret_key, curation=CURATION):
    raise ImproperlyConfigured("\n".join(map(in_one_line, _problems)))
if CURATION:
    INSTALLED_APPS += [
        "launchledger.curation.apps.CurationConfig",  # before the admin, some of whose templates it replaces
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.admin.apps.SimpleAdminConfig",
        "axes",
    ]
    MIDDLEWARE += ["launchledger.curation.desk.middleware.DeskMiddleware"]
    _PROCESSORS = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]
    TEMPLATES[0]["OPTIONS"] = {"context_processors": [*_PROCESSORS, "django.contrib.messages.context_processors.messages"]}
    AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "launchledger_session", "launchledger_csrf"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{PATH_PREFIX}/desk/"
SESSION_COOKIE_AGE = 8 * 3600  # seconds: a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
CSRF_COOKIE_HTTPONLY = True

AXES_FAILURE_LIMIT = 10  # wrong passwords from one address
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["ip_address"]  # by name anybody could keep a curator out
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "launchledger.site.static.PrefixedStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET"]
CORS_ALLOW_HEADERS = [*default_headers, *REQUEST_HEADERS]

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": [
        "launchledger.api.renderers.WireRenderer",
        "launchledger.api.renderers.BrowsablePageRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "launchledger.api.renderers.WireNegotiation",
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": ["launchledger.api.authentication.KeyAuthentication"],
    "DEFAULT_THROTTLE_CLASSES": ["launchledger.api.throttling.Throttle"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Launchledger",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # no document is sent to an outside validator
}

# The last four: DeskMiddleware runs these middlewares, for requests to the desk only.
SILENCED_SYSTEM_CHECKS = ["rest_framework.W001", "admin.E408", "admin.E409", "admin.E410", "axes.W002"]
LOGGING_CONFIG = None
