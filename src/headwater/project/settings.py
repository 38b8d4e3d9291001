"""Django settings. Everything that differs between machines is read from the environment."""

import os
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from headwater.project import environment

HEADWATER_HOME = environment.home_folder()
# What must outlive a rollback waits here, on its way to the operational store.
HEADWATER_SPOOL = HEADWATER_HOME / "spool"
HEADWATER_SNAPSHOTS = HEADWATER_HOME / "snapshots"
HEADWATER_DATABASE_URL = os.environ.get("HEADWATER_DATABASE_URL", "")
HEADWATER_EVIDENCE = os.environ.get("HEADWATER_EVIDENCE", str(HEADWATER_HOME / "lake"))
HEADWATER_SMTP_HOST = os.environ.get("HEADWATER_SMTP_HOST", "127.0.0.1")
HEADWATER_SMTP_PORT = environment.port("HEADWATER_SMTP_PORT", 25)
# How the mail server is spoken to: `none`, `starttls` or `tls`; a user needs one of the latter.
HEADWATER_SMTP_SECURITY = os.environ.get("HEADWATER_SMTP_SECURITY", "none")
HEADWATER_SMTP_USER = os.environ.get("HEADWATER_SMTP_USER", "")
HEADWATER_SMTP_PASSWORD_FILE = os.environ.get("HEADWATER_SMTP_PASSWORD_FILE", "")
# The key that signs what leaves, in a file of its own, and the name it is published under.
HEADWATER_DKIM_KEY_FILE = os.environ.get("HEADWATER_DKIM_KEY_FILE", "")
HEADWATER_DKIM_SELECTOR = os.environ.get("HEADWATER_DKIM_SELECTOR", "headwater")
HEADWATER_MAIL_FROM = os.environ.get("HEADWATER_MAIL_FROM", "support@headwater.localhost")
# The TOML file that names the IMAP mailboxes to read; empty reads none.
HEADWATER_MAILBOXES = os.environ.get("HEADWATER_MAILBOXES", "")
# The TOML file that names the providers who may post mail here; empty lets none.
HEADWATER_MAIL_HOOKS = os.environ.get("HEADWATER_MAIL_HOOKS", "")
# The TOML file that names the trackers of other teams; empty knows none. A tracker on this machine,
# spoken to in plain http, is for tests only.
HEADWATER_TRACKERS = os.environ.get("HEADWATER_TRACKERS", "")
HEADWATER_TRACKERS_LOOPBACK = environment.flag("HEADWATER_TRACKERS_LOOPBACK", default=False)
# Whose Authentication-Results header is believed (RFC 8601); empty believes nobody's.
HEADWATER_TRUSTED_AUTHSERV_ID = os.environ.get("HEADWATER_TRUSTED_AUTHSERV_ID", "")
# Which mail is checked by SPF, DKIM and DMARC here, where no trusted host has done it: `received`
# (handed over by a public host), `all` (DKIM alone where that host is unknown) or `never`.
HEADWATER_CHECK_SENDERS = environment.one_of(
    "HEADWATER_CHECK_SENDERS", "received", ("received", "all", "never")
)
# For how many days after solving an answer reopens its case; later ones open a follow-up.
HEADWATER_FOLLOW_UP_DAYS = environment.count("HEADWATER_FOLLOW_UP_DAYS", 14, least=1)
# For how long a reply can be taken back after Send; for how long a mail is tried again.
# Whose role lets them see, with a reason and on record, what was masked in a contact.
HEADWATER_REVEAL_ROLES = environment.words("HEADWATER_REVEAL_ROLES", "lead")
HEADWATER_UNDO_SECONDS = environment.count("HEADWATER_UNDO_SECONDS", 10)
HEADWATER_OUTBOX_HOURS = environment.count("HEADWATER_OUTBOX_HOURS", 48, least=1)
# How many lines of the answered mail are quoted below a reply.
HEADWATER_QUOTE_LINES = environment.count("HEADWATER_QUOTE_LINES", 60)
# Whether the case's token stands in the address that answers go to, and in the subject.
HEADWATER_REPLY_ADDRESS_TOKEN = environment.flag("HEADWATER_REPLY_ADDRESS_TOKEN", default=True)
HEADWATER_SUBJECT_TOKEN = environment.flag("HEADWATER_SUBJECT_TOKEN", default=False)
# How many automatic mails an address gets in an hour at most; whether new contacts get one.
HEADWATER_AUTO_MAILS_PER_HOUR = environment.count("HEADWATER_AUTO_MAILS_PER_HOUR", 10, least=1)
HEADWATER_ACKNOWLEDGE = environment.flag("HEADWATER_ACKNOWLEDGE", default=False)
# How many megabytes of files a reply carries; most mail servers take 20 to 25 with the encoding.
HEADWATER_ATTACHMENT_MB = environment.count("HEADWATER_ATTACHMENT_MB", 15, least=1)
HEADWATER_BASE_URL = os.environ.get("HEADWATER_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
# Another name of this server, of a domain without anything else, that files out of mails are
# saved from; empty serves them beside the desk.
HEADWATER_FILES_ORIGIN = os.environ.get("HEADWATER_FILES_ORIGIN", "").rstrip("/")
HEADWATER_PRODUCT_NAME = os.environ.get("HEADWATER_PRODUCT_NAME", "Support")

# Promises to users, in seconds. A case keeps the targets that were in force when it opened.
HEADWATER_FIRST_REPLY_SECONDS = environment.seconds("HEADWATER_FIRST_REPLY_SECONDS", 4 * 3600)
HEADWATER_RESOLUTION_SECONDS = environment.seconds("HEADWATER_RESOLUTION_SECONDS", 48 * 3600)

# Whether users are asked about solved cases; how many hours after solving, how many days a person
# is then left alone, and for how many days the question can be answered.
HEADWATER_SURVEYS = environment.flag("HEADWATER_SURVEYS", default=True)
HEADWATER_SURVEY_DELAY_HOURS = environment.count("HEADWATER_SURVEY_DELAY_HOURS", 24)
HEADWATER_SURVEY_QUIET_DAYS = environment.count("HEADWATER_SURVEY_QUIET_DAYS", 30)
HEADWATER_SURVEY_OPEN_DAYS = environment.count("HEADWATER_SURVEY_OPEN_DAYS", 28, least=1)

# How many problems a month the watch may open, over all playbooks, when nothing is wrong.
HEADWATER_WATCH_FALSE_ALARMS = environment.rate("HEADWATER_WATCH_FALSE_ALARMS", 1.0)

_base = urlsplit(HEADWATER_BASE_URL)
_https = _base.scheme == "https"

SECRET_KEY = environment.secret_key(HEADWATER_HOME)
DEBUG = os.environ.get("HEADWATER_DEBUG", "") == "1"
_named = {_base.hostname, urlsplit(HEADWATER_FILES_ORIGIN).hostname}
ALLOWED_HOSTS = [host for host in {*_named, "127.0.0.1", "localhost", "[::1]"} if host]
CSRF_TRUSTED_ORIGINS = [HEADWATER_BASE_URL] if _https else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "headwater.kit.jobs",
    "headwater.kit.outbox",
    "headwater.accounts",
    "headwater.evidence",
    "headwater.cases",
    "headwater.channels",
    "headwater.surveys",
    "headwater.diagnosis",
    "headwater.escalation",
    "headwater.macros",
    "headwater.desk",
    "headwater.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # A view is behind the sign-in unless it says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # The innermost: what it wraps is the view and nothing else.
    "headwater.project.transactions.OneTransactionPerWrite",
]

ROOT_URLCONF = "headwater.project.urls"
WSGI_APPLICATION = "headwater.project.wsgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": environment.database(HEADWATER_DATABASE_URL, HEADWATER_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Agent"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HEADWATER_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names carry a hash of their content; `collectstatic` writes them before the web starts.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True

# Modules whose import registers job handlers.
JOB_MODULES = [
    "headwater.cases.tasks",
    "headwater.channels.tasks",
    "headwater.diagnosis.rephrasing.tasks",
    "headwater.diagnosis.tasks",
    "headwater.diagnosis.watch.tasks",
    "headwater.escalation.tasks",
    "headwater.evidence.tasks",
    "headwater.surveys.tasks",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("HEADWATER_LOG_LEVEL", "INFO")},
    "loggers": {"django.db.backends": {"level": "WARNING"}},
}
