"""Every value comes from the environment and has a default that works on a laptop with nothing but Python.

What would be a mistake in production is a numbered system check (`taoanalytics/ops/checks.py`), not a surprise.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from taoanalytics.lib.connections import broker, cache, database, redis_tls
from taoanalytics.lib.release import fingerprint
from taoanalytics.lib.secret import kept_secret
from taoanalytics.ops.logs import logging_config
from taoanalytics.schedule import FAST, SLOW, beat_schedule

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()  # type: ignore[no-untyped-call]
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

ON_HEROKU = "DYNO" in env.ENVIRON
SIMULATED = env.bool("SIMULATED", default=False)
SIMULATED_SEED = env.int("SIMULATED_SEED", default=1)
RELEASE = env.str("HEROKU_SLUG_COMMIT", default="")[:12] or fingerprint(
    BASE_DIR / folder
    for folder in ("taoanalytics", "subnets", "markets", "enrichment", "insights", "templates", "static")
)

# -- security ---------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ADMIN_URL = env.str("ADMIN_URL", default="admin/")

HTTPS = env.bool("HTTPS", default=ON_HEROKU)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_ALL", default=False)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if ON_HEROKU:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # The hash is that of the empty string: Plotly adds one empty <style> and fills it through CSSOM.
        "style-src": [SELF, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "taoanalytics.ops.client_address.client_address"

# -- applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "insights",
    "enrichment",
    "markets",
    "subnets",
    "taoanalytics.ops",
    "taoanalytics.jobs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "django_structlog",
    "template_partials",
]

MIDDLEWARE = [
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "taoanalytics.ops.middleware.one_charset",
    "taoanalytics.ops.middleware.DatabaseDown",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "taoanalytics.urls"
WSGI_APPLICATION = "taoanalytics.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ],
        },
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# -- database ---------------------------------------------------------------------------------

# The simulated network keeps to a file of its own: a database belongs to one chain.
_sqlite_file = VAR_DIR / ("simulated.sqlite3" if SIMULATED else "tao.sqlite3")
# A page gives a statement up before Heroku's router gives the page up; commands and workers take their time.
_web_statement_seconds = env.float("WEB_STATEMENT_SECONDS", default=10.0)
DATABASES = {
    "default": database(
        env.db_url("DATABASE_URL", default=f"sqlite:///{_sqlite_file}"),
        test_file=VAR_DIR / "test.sqlite3",
        encrypted=ON_HEROKU,
        statement_seconds=_web_statement_seconds if env.bool("SERVES_PAGES", default=False) else 0,
    )
}

# -- cache and queue --------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
# Heroku's Redis shows a certificate of its own making: REDIS_TLS_VERIFY=false there.
_redis_tls = redis_tls(REDIS_URL, verify=env.bool("REDIS_TLS_VERIFY", default=True))
CACHES = {"default": cache(REDIS_URL, _redis_tls)}

# Seconds. A slow task that reaches its limit goes on in a new message, so no limit has to span a whole backfill.
FAST_TASK_SECONDS, SLOW_TASK_SECONDS = 1740, 3000
LONGEST_RETRY_SECONDS = 900
# A message not acknowledged for this long goes to another worker: longer than any task runs or waits for its retry.
VISIBILITY_SECONDS = env.int("VISIBILITY_SECONDS", default=SLOW_TASK_SECONDS + 60 + LONGEST_RETRY_SECONDS + 240)
QUEUE_DIR = VAR_DIR / ("queue-simulated" if SIMULATED else "queue")
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(
    REDIS_URL, visibility_seconds=VISIBILITY_SECONDS, folder=QUEUE_DIR
)
CELERY_BROKER_USE_SSL = _redis_tls or None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_POOL_LIMIT = 1  # the smallest hosted Redis allows 20 connections in all
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_IGNORE_RESULT = True  # JobRun is the record
CELERY_RESULT_EXPIRES = None  # or beat would clean a result backend that is not there
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = FAST
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {FAST: {}, SLOW: {}}  # a worker that is not told which reads both
CELERY_TASK_ROUTES = {
    f"*.{name}": {"queue": SLOW}
    for name in ("backfill", "enrich", "enrich_subnet", "fetch_icons", "import_history", "thin_history")
}
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = FAST_TASK_SECONDS, FAST_TASK_SECONDS + 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0  # a child that is slow to start on a busy machine is not killed for it
# Heroku kills 30 seconds after it asks; a job not done by then goes back into the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("SHUTDOWN_SECONDS", default=20.0)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50  # a snapshot's peak memory is given back
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

# -- static files -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "taoanalytics.ops.static_files.SmallStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site uses them, and each reply is a line shorter

# -- logging and errors -----------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="json" if ON_HEROKU else "console")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO" if ON_HEROKU else "WARNING")
LOG_FILE = env.str("LOG_FILE", default="")  # beside standard error; "" for none
LOGGING = logging_config(level=LOG_LEVEL, form=LOG_FORMAT, file=LOG_FILE)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # public pages open no session, not even for a log line
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = ON_HEROKU  # whose router sets it
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10

SENTRY_DSN = env.str("SENTRY_DSN", default="")

# -- the chain --------------------------------------------------------------------------------

CHAIN_ENDPOINTS = env.list(
    "CHAIN_ENDPOINTS",
    default=["ws://127.0.0.1:9944"]
    if SIMULATED
    else [
        "wss://entrypoint-finney.opentensor.ai:443",
        "wss://lite.chain.opentensor.ai:443",
        "wss://lite.sub.latent.to:443",
    ],
)
CHAIN_ARCHIVE_ENDPOINTS = env.list(
    "CHAIN_ARCHIVE_ENDPOINTS",
    default=CHAIN_ENDPOINTS
    if SIMULATED
    else ["wss://archive.chain.opentensor.ai:443", "wss://archive.sub.latent.to:443"],
)
# Public endpoints ask for about one request a second per address; a node of one's own needs no pace (0).
CHAIN_REQUESTS_PER_SECOND = env.float("CHAIN_REQUESTS_PER_SECOND", default=0.0 if SIMULATED else 1.0)
CHAIN_CONCURRENCY = env.int("CHAIN_CONCURRENCY", default=8)
CHAIN_CONNECT_SECONDS = env.float("CHAIN_CONNECT_SECONDS", default=15.0)
CHAIN_CALL_SECONDS = env.float("CHAIN_CALL_SECONDS", default=90.0)
CHAIN_SNAPSHOT_SECONDS = env.float("CHAIN_SNAPSHOT_SECONDS", default=600.0)
CHAIN_LONGEST_WAIT_SECONDS = env.float("CHAIN_LONGEST_WAIT_SECONDS", default=60.0)
CHAIN_REUSE_SECONDS = env.float("CHAIN_REUSE_SECONDS", default=300.0)  # a newer block is not asked for

# -- markets ----------------------------------------------------------------------------------

TAO_APP_API_KEY = env.str("TAO_APP_API_KEY", default="").strip()
TAO_APP_URL = env.str("TAO_APP_URL", default="https://api.tao.app")
COINGECKO_API_KEY = env.str("COINGECKO_API_KEY", default="").strip()
COINGECKO_PLAN = env.str("COINGECKO_PLAN", default="") or ("demo" if COINGECKO_API_KEY else "public")  # or pro
COINGECKO_URL = env.str("COINGECKO_URL", default="")  # default: that of the plan
MARKETS_CONNECT_SECONDS = env.float("MARKETS_CONNECT_SECONDS", default=10.0)
MARKETS_TOTAL_SECONDS = env.float("MARKETS_TOTAL_SECONDS", default=30.0)  # of one reply, however slowly it drips
MARKETS_LONGEST_WAIT_SECONDS = env.float("MARKETS_LONGEST_WAIT_SECONDS", default=60.0)  # when told to wait
MARKETS_LARGEST_REPLY_BYTES = env.int("MARKETS_LARGEST_REPLY_BYTES", default=8 * 2**20)
MARKETS_REUSE_SECONDS = env.float("MARKETS_REUSE_SECONDS", default=3600.0)  # a kept reply stands for a new one
# Calls per calendar month (UTC) and per minute: those of the free plans. 0 keeps a source from being asked at all.
API_QUOTAS = {
    "taoapp": {
        "month": env.int("TAO_APP_CALLS_PER_MONTH", default=15_000),
        "minute": env.int("TAO_APP_CALLS_PER_MINUTE", default=10),
    },
    "coingecko": {
        "month": env.int("COINGECKO_CALLS_PER_MONTH", default=10_000),
        "minute": env.int("COINGECKO_CALLS_PER_MINUTE", default=30),
    },
}

# -- enrichment -------------------------------------------------------------------------------

LLM_API_KEY = env.str("LLM_API_KEY", default="").strip() or env.str("OPENAI_API_KEY", default="").strip()
LLM_BASE_URL = env.str("LLM_BASE_URL", default="https://api.openai.com/v1")
LLM_ENABLED = env.bool("LLM_ENABLED", default=bool(LLM_API_KEY))
LLM_MODEL = env.str("LLM_MODEL", default="gpt-6-luna")
_at_openai = LLM_BASE_URL.startswith("https://api.openai.com/")
LLM_ESCALATION_MODEL = env.str("LLM_ESCALATION_MODEL", default="gpt-6.1-terra" if _at_openai else "")  # "" for none
LLM_API = env.str("LLM_API", default="")  # responses or chat; default: responses at OpenAI, chat elsewhere
LLM_SCHEMA_DIALECT = env.str("LLM_SCHEMA_DIALECT", default="json_schema")  # json_object_schema, json_object
LLM_REASONING_EFFORT = env.str("LLM_REASONING_EFFORT", default="")  # "": not sent
LLM_MAX_OUTPUT_TOKENS = env.int("LLM_MAX_OUTPUT_TOKENS", default=1500)
LLM_TIMEOUT_SECONDS = env.float("LLM_TIMEOUT_SECONDS", default=60.0)  # of one answer
LLM_LONGEST_WAIT_SECONDS = env.float("LLM_LONGEST_WAIT_SECONDS", default=60.0)  # when told to wait
LLM_CONCURRENCY = env.int("LLM_CONCURRENCY", default=8)
LLM_DAILY_BUDGET_USD = env.float("LLM_DAILY_BUDGET_USD", default=2.0)
LLM_MONTHLY_BUDGET_USD = env.float("LLM_MONTHLY_BUDGET_USD", default=20.0)
# What the budgets reckon with, per million input and output tokens, where nobody knows a model's price. Empty: a model
# without a price is not asked.
LLM_ASSUMED_USD = env.list("LLM_ASSUMED_USD", cast=float, default=[] if _at_openai else [2.5, 10.0])
# Characters of each source that are sent; a context of fewer tokens (characters / 4) is thin.
CONTEXT_WEBSITE_CHARACTERS = env.int("CONTEXT_WEBSITE_CHARACTERS", default=3000)
CONTEXT_README_CHARACTERS = env.int("CONTEXT_README_CHARACTERS", default=2000)
CONTEXT_THIN_TOKENS = env.int("CONTEXT_THIN_TOKENS", default=100)
CONTEXT_CONTACT = env.str("CONTEXT_CONTACT", default="")  # in the user agent, for those whose pages are read
CONTEXT_CONCURRENCY = env.int("CONTEXT_CONCURRENCY", default=8)
CONTEXT_CONNECT_SECONDS = env.float("CONTEXT_CONNECT_SECONDS", default=5.0)
CONTEXT_TOTAL_SECONDS = env.float("CONTEXT_TOTAL_SECONDS", default=15.0)  # of one page, however slowly it drips
CONTEXT_LARGEST_BYTES = env.int("CONTEXT_LARGEST_BYTES", default=2 * 2**20)
CONTEXT_REQUESTS_PER_SECOND = env.float("CONTEXT_REQUESTS_PER_SECOND", default=1.0)  # to one host; 0 for no pace
# "host:port" that subnets' links may lead to although it is not public: for an intranet, never for production.
CONTEXT_ALLOWED_ADDRESSES = env.list("CONTEXT_ALLOWED_ADDRESSES", default=[])
CONTEXT_GITHUB_RAW_URL = env.str("CONTEXT_GITHUB_RAW_URL", default="https://raw.githubusercontent.com")
CONTEXT_GITHUB_API_URL = env.str("CONTEXT_GITHUB_API_URL", default="https://api.github.com")
CONTEXT_REFRESH_DAYS = env.int("CONTEXT_REFRESH_DAYS", default=7)
ENRICH_AGAIN_DAYS = env.int("ENRICH_AGAIN_DAYS", default=90)
ENRICH_ACCEPT_CONFIDENCE = env.int("ENRICH_ACCEPT_CONFIDENCE", default=40)  # a run under it is not published

# -- judgement --------------------------------------------------------------------------------

TAO_SCORE_VERSION = env.str("TAO_SCORE_VERSION", default="tao-score-3.0")  # the one that pages lead with

# -- schedule ---------------------------------------------------------------------------------

COLLECT_EVERY_MINUTES = env.int("COLLECT_EVERY_MINUTES", default=5 if SIMULATED else 20)
STALE_AFTER_MINUTES = env.int("STALE_AFTER_MINUTES", default=120)
THIN_AFTER_DAYS = env.int("THIN_AFTER_DAYS", default=90)  # older history is kept once a day

CELERY_BEAT_SCHEDULE = beat_schedule(chain_every=timedelta(minutes=COLLECT_EVERY_MINUTES))
