"""Settings, all from the environment through django-environ.

Every variable is listed in docs/configuration.md. A half-configured process does not start: it says which variable is
missing and why it is needed (`flexiti_portal/checks.py` has what is checked beyond presence).
"""

import logging
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from flexiti_portal import logs, single_sign_on
from flexiti_portal.middleware import BROWSER_REPORTS
from posapi.destinations import VENDOR_HOSTS

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()  # NAME_FILE names a file that holds the value of NAME


def required(name: str, why: str) -> str:
    """The value of an environment variable, or of its file, without which the portal must not start."""
    try:
        value: str = env.str(name, default="").strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {problem.strerror}. {why}") from problem
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return value


DEBUG = env.bool("DEBUG", default=False)
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = required("SECRET_KEY", "It signs sessions; generate 50 random characters and keep them secret.")
VAULT_KEY_SOURCE = env.str("VAULT_KEY_SOURCE", default="")
if VAULT_KEY_SOURCE:  # keys come from elsewhere
    VAULT_KEYS = VAULT_INDEX_KEY = ""
else:
    VAULT_KEY_SOURCE = "vault.sources.KeysFromSettings"
    VAULT_KEYS = required("VAULT_KEYS", 'It encrypts answers; give "k1:<base64 of 32 random bytes>", the newest first.')
    VAULT_INDEX_KEY = required("VAULT_INDEX_KEY", "It keys blind indexes and digests; give base64 of 32 random bytes.")
AUDIT_SIGNING_KEY = required("AUDIT_SIGNING_KEY", "It signs audit checkpoints; give base64 of 32 random bytes.")

ALLOWED_HOSTS = [name.strip() for name in env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])]
if "*" in ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS has *. Name the hosts that the portal answers to: a one-time link leads to the host that its "
        "request named, so anybody could make it lead to theirs."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=True)

INSTALLED_APPS = [
    "flexiti_portal.apps.PortalConfig",
    "applications",
    "applications.monitoring.apps.MonitoringConfig",
    "applications.review.apps.ReviewConfig",
    "applications.statistics.apps.StatisticsConfig",
    "merchants",
    "audit",
    "vault",
    "flexiti_portal.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "django_htmx",
    "localflavor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "flexiti_portal.middleware.read_as_utf8",
    "flexiti_portal.middleware.used_by_nobody_else",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "flexiti_portal.middleware.never_cached",
    "flexiti_portal.request_log.RequestLog",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "merchants.middleware.counter",
    "merchants.signing_in.till_middleware.SharedTill",
    "merchants.signing_in.second_factor_middleware.SecondFactorFirst",
    "merchants.access_middleware.EveryViewHasAnAction",
]

ROOT_URLCONF = "flexiti_portal.urls"
WSGI_APPLICATION = "flexiti_portal.wsgi.application"

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
                "django.template.context_processors.i18n",
                "merchants.signing_in.context.signing_in",
            ],
            "libraries": {"lucide": "flexiti_portal.icons"},
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_FAIL_SILENTLY = False

# Storage

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'portal.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "flexiti_portal.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if _most_connections := env.int("DATABASE_POOL_SIZE", default=10):
        # A server that is away is asked again after 1, 2 and 2 s, and not after a minute because it was away for one.
        _pool = {"min_size": 1, "max_size": _most_connections, "timeout": 5, "reconnect_timeout": 5}
        DATABASES["default"].setdefault("OPTIONS", {})["pool"] = _pool
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "flexiti_portal.cache.SharedCache",
        "VERSION": 2,  # the first one had pickles
        "LOCATION": required("CACHE_URL", "Tokens and limits are shared through it, e.g. redis://127.0.0.1:6379/1."),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},  # seconds; a page waits for it
    },
}

# Who is signed in

AUTH_USER_MODEL = "merchants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "counter"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {"login": "merchants.signing_in.form.SignInForm"}
ACCOUNT_ADAPTER = "merchants.signing_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": env.str("RATE_LIMIT_SIGN_IN", default="30/m/ip"),
    "login_failed": env.str("RATE_LIMIT_SIGN_IN_FAILED", default="10/m/ip,5/5m/key"),
}

# A till left alone for so long asks for the password before it goes on; 0 never does.
IDLE_LOCK_SECONDS = env.int("IDLE_LOCK_SECONDS", default=10 * 60)

# Managers, administrators and operators do nothing before a code of their phone.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)
MFA_ADAPTER = "merchants.signing_in.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {"authenticate": "merchants.signing_in.second_factor_forms.CodeForm"}
MFA_RECOVERY_CODES_SHOW_ONCE = True

# The merchant's own identity provider, where there is one.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="OpenID Connect")
OIDC_IS_STRONG = env.bool("OIDC_IS_STRONG", default=False)  # it asks for a second factor itself
if OIDC_SERVER_URL and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("OIDC_SERVER_URL needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: the provider gave them.")
SOCIALACCOUNT_PROVIDERS = single_sign_on.providers(OIDC_SERVER_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME)
SOCIALACCOUNT_ADAPTER = "merchants.signing_in.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # the adapter links by its own, stricter rules
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = False

# How long a sign-in counts as recent where something sensitive asks for it again.
STEP_UP_SECONDS = env.int("STEP_UP_SECONDS", default=5 * 60)
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_SECONDS

INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)  # how long a one-time link is good for
RATE_LIMIT_WELCOME = env.str("RATE_LIMIT_WELCOME", default="30/m/ip")

# One-time links go out by e-mail as well, if there is a server for it

EMAIL_URL = env.str("EMAIL_URL", default="")
_mail = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_BACKEND"], _mail["EMAIL_HOST"], _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 5  # seconds; an administrator waits for it
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="credit-counter@localhost")

SESSION_SECONDS = SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=10 * 60 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
# A browser takes a __Host- cookie from this host alone, over HTTPS alone.
_COOKIE = "__Host-{}" if HTTPS_ONLY else "{}"
SESSION_COOKIE_NAME = _COOKIE.format("session")
CSRF_COOKIE_NAME = _COOKIE.format("csrf")
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = _COOKIE.format("language")
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
TILL_COOKIE_NAME = _COOKIE.format("till")
MESSAGE_STORAGE = "flexiti_portal.messages.Messages"
MESSAGES_COOKIE_NAME = _COOKIE.format("messages")

# What a browser may do

SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # machines ask the process itself, behind the proxy
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0  # rate limits count the client, not the proxy
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        # Every browser sends to report-uri, at once; where report-to stands too, Chromium leaves it out and, without
        # HTTPS, sends nothing at all.
        "report-uri": BROWSER_REPORTS,
    },
}
RATE_LIMIT_BROWSER_REPORTS = env.str("RATE_LIMIT_BROWSER_REPORTS", default="20/m/ip,300/m/key")
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
BULK_START_MAX_BYTES = 128 * 1024  # a file of stores and staff; fits into a form as text again
FILE_UPLOAD_HANDLERS = ["merchants.console.bulk.upload.SmallFile", "flexiti_portal.uploads.NoFiles"]

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "flexiti_portal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Evidence: how often it is signed, whose signatures count, and who is told (audit/witnesses.py)

CHECKPOINT_MINUTES = env.float("CHECKPOINT_MINUTES", default=15.0)
AUDIT_PUBLIC_KEYS = env.list("AUDIT_PUBLIC_KEYS", default=[])
AUDIT_WITNESSES = env.list("AUDIT_WITNESSES", default=[])
AUDIT_WITNESS_HEADERS = env.dict("AUDIT_WITNESS_HEADERS", default={})

# Celery: the truth is in the database, so losing every message only delays (stack.md §5 measured these values)

CELERY_BROKER_URL = required(
    "CELERY_BROKER_URL", "Submissions are delivered by workers, e.g. redis://127.0.0.1:6379/0."
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What keeps the house in order never waits behind calls to the lender.
CELERY_TASK_DEFAULT_QUEUE = "upkeep"
CELERY_TASK_ROUTES = {
    "applications.submission.deliver_next": {"queue": "deliveries"},
    "applications.submission.deliver_cancellation": {"queue": "deliveries"},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULER = "flexiti_portal.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-submissions": {"task": "applications.submission.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "probe-circuits": {"task": "merchants.tasks.probe_circuits", "schedule": 5.0, "options": {"expires": 5}},
    "purge-by-the-hour": {"task": "applications.retention.tasks.purge_by_the_hour", "schedule": 3600.0},
    "purge-what-had-its-time": {
        "task": "applications.retention.tasks.purge",
        "schedule": crontab(hour=3, minute=40),  # no store is open
    },
    "fold-statistics": {"task": "applications.statistics.tasks.fold", "schedule": 30.0, "options": {"expires": 30}},
    "refresh-merchant-sessions": {"task": "merchants.tasks.refresh_sessions", "schedule": 900.0},
    "check-credentials": {"task": "merchants.tasks.check_credentials", "schedule": 900.0},
    "checkpoint-evidence": {"task": "audit.tasks.checkpoint", "schedule": CHECKPOINT_MINUTES * 60},
    "erase-credentials": {"task": "applications.submission.tasks.erase_retired_credentials", "schedule": 3600.0},
}

# How long what is kept; all of it, with the reasons, is one table: applications/retention/kinds.py

DRAFT_HOURS = env.int("DRAFT_HOURS", default=48)
KEEP_ANSWERS_MONTHS = env.int("KEEP_ANSWERS_MONTHS", default=25)
KEEP_EVIDENCE_YEARS = env.int("KEEP_EVIDENCE_YEARS", default=7)
KEEP_INVITATION_DAYS = env.int("KEEP_INVITATION_DAYS", default=30)
# A replaced credential keeps its secrets for so long, so that one may go back to it; longer while something needs it.
CREDENTIAL_KEEP_HOURS = env.int("CREDENTIAL_KEEP_HOURS", default=24)

# The lender's API and the rules of canada.md that are a lawyer's choice

# Credentials are sent to these hosts only, as `host` or `host:port`; in a demonstration to this machine as well.
POSAPI_HOSTS = env.list("POSAPI_HOSTS", default=list(VENDOR_HOSTS))
POSAPI_TIMEOUTS = {
    "connect": env.float("POSAPI_CONNECT_SECONDS", default=3.05),
    "read": env.float("POSAPI_READ_SECONDS", default=6.0),
    "total": env.float("POSAPI_TOTAL_SECONDS", default=10.0),
}
POSAPI_APPLY_TIMEOUTS = {
    "connect": env.float("POSAPI_CONNECT_SECONDS", default=3.05),
    "read": env.float("POSAPI_APPLY_READ_SECONDS", default=45.0),
    "total": env.float("POSAPI_APPLY_TOTAL_SECONDS", default=60.0),
}
# A worker renews the leases of its calls; without a sign of life for so long it counts as dead.
LEASE_SECONDS = env.int("LEASE_SECONDS", default=30)
# Longer than a delivery may take (flexiti_portal/checks.py), so that its answer is still waited for when it comes.
DELIVERY_SECONDS = env.int("DELIVERY_SECONDS", default=240)
# How long a worker holds on to an answer while the database is away.
DATABASE_PATIENCE_SECONDS = env.float("DATABASE_PATIENCE_SECONDS", default=60.0)
CELERY_TASK_SOFT_TIME_LIMIT = DELIVERY_SECONDS + DATABASE_PATIENCE_SECONDS
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 30
# When an unknown outcome is searched for, counted from its beginning, and from when on absence counts (decisions/0011).
RECONCILE_LOOKS_SECONDS = env.list("RECONCILE_LOOKS_SECONDS", cast=int, default=[10, 30, 60, 120, 240, 3600, 86400])
NO_ACCOUNT_AFTER_SECONDS = env.int("NO_ACCOUNT_AFTER_SECONDS", default=240)
# The circuit breaker (docs/decisions/0010): failures in a row that open it, and the pauses before its probes.
CIRCUIT_FAILURES = env.int("CIRCUIT_FAILURES", default=3)
CIRCUIT_PROBE_SECONDS = env.list("CIRCUIT_PROBE_SECONDS", cast=float, default=[5.0, 10.0, 20.0, 30.0])
# How long a submission may wait for the lender, with the customer's consent, before it counts as not sent.
WAITING_HOURS = env.int("WAITING_HOURS", default=24)
# How long an answered application of the same person is told of before another one is sent.
SAME_PERSON_DAYS = env.int("SAME_PERSON_DAYS", default=30)
# Until when somebody asks what became of an application that the lender reviews, unless a manager says otherwise.
PENDING_DUE_HOURS = env.int("PENDING_DUE_HOURS", default=48)
# After so long without a change, a correction that the lender asked for counts as abandoned.
CORRECTION_ABANDONED_HOURS = env.int("CORRECTION_ABANDONED_HOURS", default=24)
# How long a Quebec customer may cancel, counted in days from the approval (canada.md §1).
QUEBEC_CANCELLATION_DAYS = env.int("QUEBEC_CANCELLATION_DAYS", default=10)
QUEBEC_FRENCH_TERMS_FIRST = env.bool("QUEBEC_FRENCH_TERMS_FIRST", default=True)
# Whether terms of which not all can be shown cannot be accepted, rather than with a warning (docs/decisions/0022).
TERMS_MUST_BE_WHOLE = env.bool("TERMS_MUST_BE_WHOLE", default=False)
# From when on administrators are told that a credential ends.
CREDENTIAL_WARN_DAYS = env.int("CREDENTIAL_WARN_DAYS", default=14)
LENDER_SUPPORT_PHONE = env.str("LENDER_SUPPORT_PHONE", default="1-877-259-3750")  # vendor doc 002
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)

# Logs carry ids and outcomes, never an applicant's data (flexiti_portal/discretion.py)

LOG_FORMAT = env.str("LOG_FORMAT", default=logs.JSON)
LOGGING_CONFIG = "flexiti_portal.logs.configure"
LOGGING = logs.configuration(LOG_FORMAT, env.str("LOG_LEVEL", default="INFO").upper())
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # the line at the end has everything

# What machines may ask (docs/operations.md)

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SWEEP_LATE_SECONDS = env.int("SWEEP_LATE_SECONDS", default=60)
