"""Django's settings; what differs between installations comes from the environment (docs/settings.md)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from orgmodel.configuration import Configuration
from orgmodel.sources.registry import settle
from portal.configure import (
    claim_data,
    load_configuration,
    load_conventions,
    load_metrics_token,
    load_proxies,
    load_secret_key,
)
from portal.demonstration import demo_defaults
from portal.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(Environment(os.environ).text("SIGHTLINE_DATA") or BASE_DIR / ".data").absolute()

_environment = Environment(os.environ, demo_defaults(os.environ, DATA_DIR))

SIGHTLINE: Configuration = load_configuration(_environment, load_conventions(_environment, BASE_DIR))
claim_data(SIGHTLINE, DATA_DIR)
settle(SIGHTLINE)

DEBUG = _environment.flag("DEBUG")
SECRET_KEY = load_secret_key(_environment, DATA_DIR)
_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
_HOST = urlsplit(SIGHTLINE.base_url).hostname or ""
ALLOWED_HOSTS = _LOOPBACK if SIGHTLINE.demo else _environment.words("ALLOWED_HOSTS") or [_HOST, *_LOOPBACK]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "mozilla_django_oidc",
    "orgmodel",
    "notifier",
    "portal",
    # Behind portal, whose command qcluster stands for the library's.
    "django_q",
]
MIDDLEWARE = [
    "portal.door.private.NoStore",
    "portal.door.private.Probes",
    "portal.door.proxies.Proxies",
    "django.middleware.security.SecurityMiddleware",
    "portal.statics.StaticsMiddleware",
    # Behind the static files, which are packed once; why pages may be: docs/decisions/0025.
    "django.middleware.gzip.GZipMiddleware",
    "portal.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.requests.ViewerMiddleware",
    "portal.door.renewal.Renewal",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    },
]

DATABASES = {
    "default": (
        _environment.database("DATABASE_URL")
        or {"ENGINE": "portal.embedded", "NAME": "sightline", "EMBEDDED_FOLDER": DATA_DIR / "postgres"}
    )
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_broker = _environment.text("Q_BROKER")
if _broker and not _broker.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("Q_BROKER must be empty or start with redis://, rediss:// or unix://.")
# A task carries no data and may be lost: no retries here (they live in the outbox) and no catching up.
Q_CLUSTER = {
    "name": "sightline",
    "workers": 2,
    "timeout": 60,
    "retry": 180,
    "ack_failures": True,
    "bulk": 1,
    "queue_limit": 4,
    "catch_up": False,
    "save_limit": 250,
    "recycle": 500,
} | ({"redis": _broker} if _broker else {"orm": "default"})

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
# Static files are served from where they lie, so that no collecting step can be forgotten.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.statics.Statics"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.statics.StampedFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Where the demo's sandbox answers; only links are made of these.
SANDBOX_CONTROL = _environment.text("SANDBOX_CONTROL") if SIGHTLINE.demo else ""
SANDBOX_DMS = _environment.text("SANDBOX_DMS") if SIGHTLINE.demo else ""

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "portal.door.backend.Backend"]
SESSION_ENGINE = "portal.door.sessions"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "me"
LOGOUT_REDIRECT_URL = "signed_out"
# A working day, however busy; portal/door/sessions.py has the idle limit and the age of a renewal.
SESSION_COOKIE_AGE = 12 * 3600
OIDC_RP_CLIENT_ID = SIGHTLINE.oidc_client_id
OIDC_RP_CLIENT_SECRET = SIGHTLINE.oidc_client_secret
OIDC_RP_SCOPES = "openid email profile"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_TIMEOUT = 4

_https = SIGHTLINE.base_url.startswith("https://")
SECURE_SSL_REDIRECT = _https
TRUSTED_PROXIES = load_proxies(_environment)
# portal/door/proxies.py has dropped the header where the peer is no proxy of ours.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
METRICS_TOKEN = load_metrics_token(_environment)
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
# Entering a domain into the browsers' preload list is for the domain's owner to decide, not for one site.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
# A browser takes these names only from this very host, over https: no neighbour can plant a cookie.
_prefix = "__Host-" if _https else ""
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
LOGIN_COOKIE_NAME = f"{_prefix}signingin"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SIGHTLINE.base_url]
X_FRAME_OPTIONS = "DENY"

# Libraries that log addresses or payloads are kept at WARNING: our own lines name ids only.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "routes": {"()": "portal.door.log_lines.RouteOnly"},
        "away": {"()": "portal.database_away.OneLine"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["routes", "away"]},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "slack_sdk": {"level": "WARNING"},
        "mozilla_django_oidc": {"level": "WARNING"},
    },
}
