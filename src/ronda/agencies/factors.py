"""Forms for one-time codes that work once, and a word for each way in."""

import hashlib
import time

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CODE_LIFE_S = 90


class _OnceOnly:
    """A one-time code is refused the second time by every process, not only by the one that saw it first."""

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
