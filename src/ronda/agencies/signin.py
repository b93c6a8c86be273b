"""How django-allauth is fitted to Ronda: no open sign-up, no client address kept."""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronda.agencies.sessions import LABEL, SEEN, STARTED
from ronda.agencies.stepup import is_fresh

_THIS_MACHINE = ("", "127.0.0.1", "::1")

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_label(user_agent: str) -> str:
    """Browser and system in words, for the list of signed-in browsers: "Chrome · Android"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), _("Peramban lain"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} · {system}" if system else browser


def session_begin(request: HttpRequest) -> None:
    """Mark the start of a signed-in session; its limits are counted from here."""
    request.session[STARTED] = request.session[SEEN] = time.time()
    request.session[LABEL] = browser_label(request.headers.get("User-Agent", ""))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("Surel atau kata sandi tidak cocok."),
        "incorrect_password": gettext_lazy("Kata sandi tidak cocok."),
        "enter_current_password": gettext_lazy("Ketik kata sandi Anda yang sekarang."),
        "too_many_login_attempts": gettext_lazy(
            "Terlalu sering dicoba. Tunggu beberapa menit, lalu coba lagi."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation only."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """A digest under a key that is in memory only: what a limit keeps cannot be turned back into an address.

        Behind a proxy on this machine all come from one address, and one attacker would shut everybody out: there the
        proxy counts by address (docs/howto/nginx.conf), and here only the limit of each account holds.
        """
        address = request.META.get("REMOTE_ADDR") or ""
        if address in _THIS_MACHINE:
            address = secrets.token_hex(8)
        return hmac.new(settings.ADDRESS_KEY, address.encode(), hashlib.sha256).hexdigest()[:32]

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        session_begin(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of less than five minutes ago counts as proof."""
        return not is_fresh(self.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The strongest first; a password alone is not enough for an account that has more."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        more = [method for method in reversed(methods) if method["id"] != "reauthenticate"]
        return more or methods


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An outside identity signs in to an account that exists; it never makes one."""
        return False


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of one-time codes are encrypted at rest; keys have Indonesian names."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Kode atau kunci tidak cocok."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Kunci %(number)s") % {"number": held + 1}


def _fernet() -> Fernet:
    key = hashlib.sha256(b"ronda one-time codes" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
