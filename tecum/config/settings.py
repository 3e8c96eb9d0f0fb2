"""Facts of this machine, from the environment (prefix TECUM_). Every business number is in a guide."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.functional import lazy
from django.utils.module_loading import import_string

from tecum.config import databases, env

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(env.text("DATA", str(ROOT / "var")))

DEBUG = False
TESTING = False
DEMO = env.flag("DEMO")
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = env.words("ORIGINS")
PUBLIC_ADDRESS = env.text("PUBLIC_ADDRESS", "http://localhost:8000").rstrip("/")
INSECURE_LOOPBACK = env.flag("INSECURE_LOOPBACK")

TECUM_GUIDE = env.text("GUIDE", str(ROOT / "guides" / "example"))
TECUM_INVENTORY = env.text("INVENTORY")
TECUM_INVENTORY_MEMORY = env.text("INVENTORY_MEMORY", "2GB")
TECUM_RECORDS = env.text("RECORDS")
TECUM_RECORDS_ENGINE = env.text("RECORDS_ENGINE", "duckdb")
TECUM_RECORDS_INBOX = env.text("RECORDS_INBOX")
TECUM_RECORDS_MEMORY = env.text("RECORDS_MEMORY", "2GB")
TECUM_TRAIL_KEY_FILE = env.text("TRAIL_KEY_FILE", str(DATA / "trail.key"))
# The log's name in every checkpoint: an address without a scheme, which need not be reachable (C2SP checkpoint).
TECUM_TRAIL_ORIGIN = env.text("TRAIL_ORIGIN", f"{PUBLIC_ADDRESS.partition('://')[2]}/trail")
# Folders outside this machine's reach (a mount, a write-once share) that keep a copy of every checkpoint.
TECUM_TRAIL_ANCHORS = env.words("TRAIL_ANCHORS", str(DATA / "anchors"))
# The key-encryption key, and the folder with the key of every retention epoch: both kept apart from every backup of
# the database and of the files, or destroying an epoch would destroy nothing (assurance control 13).
TECUM_SEALING_KEY_FILE = env.text("SEALING_KEY_FILE", str(DATA / "sealing.key"))
TECUM_SIGNING_FILE = env.text("SIGNING_FILE", str(DATA / "signing.pem"))
TECUM_TIMESTAMP_AUTHORITY = env.text("TIMESTAMP_AUTHORITY")
TECUM_EPOCH_KEYS = env.text("EPOCH_KEYS", str(DATA / "keys"))
# The next mail server (smtp://, smtp+starttls://, smtps://, user and password within), or folder:PATH for a pick-up.
TECUM_SMTP = env.text("SMTP", "smtp://localhost:25")
TECUM_HOOKS_TO_LOOPBACK = False  # only tests post to an address of this machine that a person named
# Keys and shared secrets of this machine: dkim/SELECTOR.DOMAIN.pem, hooks/ID.
TECUM_SECRETS = env.text("SECRETS", str(DATA / "secrets"))
# Messages received. The name under which the mail system in front of us writes Authentication-Results, which it must
# remove from what comes from outside; whether we ask DNS ourselves where it says nothing; the virus scanner.
TECUM_MAIL_AUTHSERV_ID = env.text("MAIL_AUTHSERV_ID")
TECUM_MAIL_OWN_RECEIVED = int(env.text("MAIL_OWN_RECEIVED", "1"))
TECUM_MAIL_ASK_DNS = env.flag("MAIL_ASK_DNS")
TECUM_CLAMD = env.text("CLAMD")

INSTALLED_APPS = [
    "tecum",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "tecum.config.middleware.Health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tecum.web.sign_in.middleware.Actors",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tecum.config.middleware.Refusals",
]

ROOT_URLCONF = "tecum.config.urls"
WSGI_APPLICATION = "tecum.config.wsgi.application"
AUTH_USER_MODEL = "tecum.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": databases.from_address(env.text("DATABASE_URL"), data=DATA)}
# Shared by all workers: with the per-process default, guesses multiply by the number of workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tecum_cache",
        # The default of 300 would let somebody push counted guesses out by guessing at many names.
        "OPTIONS": {"MAX_ENTRIES": 200_000, "CULL_FREQUENCY": 10},
    },
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "tecum" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tecum.web.shell.context",
            ],
            "builtins": ["tecum.web.templatetags.signs", "tecum.web.templatetags.frame"],
        },
    },
]

FORM_RENDERER = "tecum.web.forms.Renderer"
CSRF_FAILURE_VIEW = "tecum.web.errors.csrf_failure"
MESSAGE_TAGS = {10: "info", 20: "info", 25: "ok", 30: "warn", 40: "no"}  # the notes of tecum.css

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [path] if (path := ROOT / "tecum" / "web" / "static").exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(env.text("FILES", str(DATA / "files")))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A demo on loopback has no certificate; everything else has.
SECURE_SSL_REDIRECT = not INSECURE_LOOPBACK
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 0 if INSECURE_LOOPBACK else 31_536_000
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_LOOPBACK
# __Host-: only over TLS, only from this host, for every path.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("sessionid", "csrftoken") if INSECURE_LOOPBACK else ("__Host-session", "__Host-csrf")
)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = (
    8 * 24 * 60 * 60
)  # longer than any visit that a guide allows: the visit says itself that it ended
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "title")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tecum.web.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "tecum.web.sign_in.forms.SignIn"}
ACCOUNT_SESSION_REMEMBER = False
# A guess is counted per person; an agency behind one address is not locked out by one of its officers.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": lazy(
        lambda: str(import_string("tecum.web.sign_in.guesses.rate")()), str
    )(),  # the guide's
    "reauthenticate": "10/m/user",
    "code_asked": "30/15m/ip",
    "emergency": "30/15m/ip",
    "code_tried": "60/15m/ip",
    "program": "600/m/key",
}
MFA_ADAPTER = "tecum.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # one period of 30 s either way, for clocks that drift
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY") else 0
TECUM_FACTOR_KEY_FILE = env.text("FACTOR_KEY_FILE", str(DATA / "factor.key"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tecum.config.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
}
