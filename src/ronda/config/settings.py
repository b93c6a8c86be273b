"""Django's settings, each read from the environment by a typed reader that refuses bad values (see env.py)."""

import secrets
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ronda.config import env
from ronda.config.channels import channels_read
from ronda.config.database import databases
from ronda.config.installation import clock_file, var_folder
from ronda.config.logs import logging_config
from ronda.kernel.keys import node_keys

ROOT = Path(__file__).resolve().parents[3]
VAR = var_folder()
NODE = env.node_name(
    "RONDA_NODE", about="name of this node in receipts and in the log; made at the first start if absent"
)
CLOCK_FILE = clock_file()
KEYS = node_keys(VAR / "keys")

DEBUG = False
DEMO = env.flag(
    "RONDA_DEMO", about="demo mode: one-click sign-in and the SIMULASI banner; never with real data"
)
DRILL = env.choice("RONDA_DRILL", "", ("", "simulasi", "latihan"), about="banner over every page")
_WEB_KEY = blake2b(KEYS.gate, person=b"ronda-web").hexdigest()
SECRET_KEY = env.text("RONDA_SECRET_KEY", _WEB_KEY, secret=True, least=32, about="signs sessions and forms")
RONDA_SCOPE_KEY = KEYS.scope
RONDA_STATEMENT_TIMEOUT_MS = env.integer(
    "RONDA_STATEMENT_TIMEOUT_MS", 10_000, 100, 600_000, about="longest query"
)
RONDA_TRANSACTION_TIMEOUT_MS = env.integer(
    "RONDA_TRANSACTION_TIMEOUT_MS", 30_000, 1_000, 3_600_000, about="longest request"
)
RONDA_LOCK_TIMEOUT_MS = env.integer(
    "RONDA_LOCK_TIMEOUT_MS", 2_000, 50, 60_000, about="longest wait for a lock"
)
GATE_CONNECTIONS = env.integer(
    "RONDA_GATE_CONNECTIONS", 1, 1, 8, about="connections on which one process commits groups of messages"
)
FILE_PARTS_DAYS = env.integer(
    "RONDA_FILE_PARTS_DAYS",
    14,
    1,
    365,
    about="days after which half a file that nobody goes on sending is thrown away",
)
ALLOWED_HOSTS = env.hosts(
    "RONDA_HOSTS", ("localhost", "127.0.0.1", "[::1]"), about="names the site answers to"
)
OFFICIAL_CHANNELS = env.regencies(
    "RONDA_OFFICIAL_CHANNELS",
    about="codes of regencies whose Bawaslu declared this a channel for formal reports",
)
CHANNELS = channels_read(
    env.file(
        "RONDA_CHANNELS",
        about="TOML file of the gateways of text messages and the webhooks, with their secrets",
    )
)
HARDWARE_KEYS = (
    env.flag(
        "RONDA_HARDWARE_KEYS",
        True,
        about="administrators and custodians come in only with a key that stays on its device; not in demo mode",
    )
    and not DEMO
)
EVIDENCE_ORIGIN = env.url(
    "RONDA_EVIDENCE_ORIGIN",
    about="another origin of this node for photos and documents, such as https://bukti.example.id; empty: its own",
).rstrip("/")
HTTPS = env.flag("RONDA_HTTPS", about="the reverse proxy speaks HTTPS: secure cookies and HSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "ronda.kernel",
    "ronda.web",
    "ronda.agencies",
    "ronda.places",
    "ronda.elections",
    "ronda.ledger",
    "ronda.gate",
    "ronda.evidence",
    "ronda.reports",
    "ronda.incidents",
    "ronda.portal",
    "ronda.channels",
    "ronda.results",
    "ronda.entry",
    "ronda.plenum",
    "ronda.readiness",
    "ronda.desk",
    "ronda.situation",
    "ronda.field",
    "ronda.publishing",
    "ronda.simulate",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "ronda.config.observing.observe",
    "ronda.web.middleware.SecurityHeaders",
    "ronda.evidence.middleware.OwnOrigin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ronda.agencies.middleware.ScopeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ronda.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ronda.agencies.middleware.PostMiddleware",
]

ROOT_URLCONF = "ronda.config.urls"
DATABASES: dict[str, dict[str, Any]] = databases(VAR)
CACHES = {"default": {"BACKEND": "ronda.agencies.limits.AttemptCache"}}  # what limits on sign-in count with
# Limits count per client without knowing it: the digest of an address is made with a key that is in memory only, the
# same in all processes of one service, and that dies with it.
ADDRESS_KEY = secrets.token_bytes(32)
DATABASE_ROUTERS = ["ronda.config.database.OwnerMigrates"]
AUTH_USER_MODEL = "agencies.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "ronda_session", "ronda_csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "ronda.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_ENGINE = "ronda.agencies.sessions"
SESSION_COOKIE_AGE = 12 * 3600
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ronda.agencies.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "ronda.agencies.signin.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "ronda.agencies.factors.CodeForm",
    "reauthenticate": "ronda.agencies.factors.StepUpCodeForm",
    "activate_totp": "ronda.agencies.factors.ActivateCodeForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Ronda"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "ronda.agencies.signin.OutsideAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # later the identity counts, not the address
SOCIALACCOUNT_LOGIN_ON_GET = True  # the strict form-action policy lets no form lead to another site
ACCOUNT_FORMS = {
    "login": "ronda.agencies.factors.SignInForm",
    "reauthenticate": "ronda.agencies.factors.PasswordForm",
}
OIDC_URL = env.url("RONDA_OIDC_URL", about="address of the agency's own OpenID Connect sign-in")
OIDC_NAME = env.text("RONDA_OIDC_NAME", "SSO instansi", about="its name on the sign-in page")
OIDC_APP = {
    "provider_id": "instansi",
    "name": OIDC_NAME,
    "client_id": env.text("RONDA_OIDC_CLIENT", about="Ronda's client id at that sign-in"),
    "secret": env.text("RONDA_OIDC_SECRET", secret=True, about="Ronda's client secret at that sign-in"),
    "settings": {"server_url": OIDC_URL},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "EMAIL_AUTHENTICATION": True,
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [OIDC_APP] if OIDC_URL else [],
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "ronda.web.context.frame",
            ],
        },
    }
]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
LOGGING = logging_config()
