"""Forms of the sign-in, in Ronda's words; one-time codes work once."""

import hashlib
import time
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as ReauthenticateByPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CODE_LIFE_S = 90


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, login=_("Surel"), password=_("Kata sandi"))
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class PasswordForm(ReauthenticateByPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, password=_("Kata sandi"))


def _name(form: Any, **labels: str) -> None:
    """Our labels, and no placeholder that would stand in for one."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


def _name_code(form: Any) -> None:
    _name(form, code=_("Kode"))
    form.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}


class ActivateCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_code(self)


class _OnceOnly:
    """A one-time code is refused the second time by every process, not only by the one that saw it first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_code(self)
        self.fields["code"].widget.attrs.pop("inputmode")  # type: ignore[attr-defined]  # a recovery code has letters

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        used: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if used.type == Authenticator.Type.TOTP:
            mark = hashlib.sha256(code.strip().encode()).hexdigest()[:16]
            earlier = used.data.get("last_code", ["", 0])
            if earlier[0] == mark and time.time() - earlier[1] < CODE_LIFE_S:
                raise ValidationError(
                    _("Kode ini sudah dipakai. Tunggu kode berikutnya."), code="incorrect_code"
                )
            used.data["last_code"] = [mark, time.time()]
            used.save(update_fields=["data"])
        return code


class CodeForm(_OnceOnly, AuthenticateForm):  # type: ignore[misc]
    pass


class StepUpCodeForm(_OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    pass
