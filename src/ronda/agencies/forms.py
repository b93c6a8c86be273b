"""Shape and format of what people type about posts and invitations."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from ronda.agencies.domain import APPOINTS, Role, phone_normal
from ronda.agencies.models import Account, Unit
from ronda.web.localtime import zone_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ronda.agencies.models import Post

MOMENT = "%Y-%m-%dT%H:%M"


class InvitationForm(forms.Form):
    """One person into one post."""

    name = forms.CharField(
        label=_("Nama"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("Surel"),
        help_text=_("Dipakai untuk masuk. Hanya sidik digitalnya yang disimpan sampai undangan diterima."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("Pilih unit"))
    role = forms.ChoiceField(label=_("Peran"))
    ends_on = forms.DateField(
        label=_("Berakhir pada"),
        required=False,
        help_text=_("Hari pertama tanpa jabatan ini."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, units: Any, roles: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]


class InvitationFileForm(forms.Form):
    """Many people from a table."""

    file = forms.FileField(
        label=_("Berkas CSV atau XLSX"),
        help_text=_("Kolom: nama, surel, peran, wilayah; boleh ada unit dan berakhir. Paling besar 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 1_000_000:
            raise forms.ValidationError(
                _("Berkas ini %(size)s byte; paling besar 1.000.000. Bagi menjadi beberapa berkas."),
                params={"size": file.size},
            )
        return file


class RenewalForm(forms.Form):
    """A new way in for somebody who lost theirs."""

    email = forms.EmailField(
        label=_("Surel akun orang ini"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class AcceptanceForm(forms.Form):
    """What the holder of an invitation gives."""

    email = forms.EmailField(
        label=_("Surel"),
        help_text=_("Alamat yang diundang; dengan ini Anda masuk nanti."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    name = forms.CharField(
        label=_("Nama"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Telepon"),
        max_length=20,
        required=False,
        help_text=_("Hanya terlihat oleh pimpinan dan piket unit Anda."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        help_text=_("Sedikitnya 12 huruf. Sesudah ini Anda memasang kunci masuk, lalu sandi jarang dipakai."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, Account(email=self.cleaned_data.get("email", "")))
        return password


class DutyNumberForm(forms.Form):
    """Which number the field calls for a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    number = forms.CharField(
        label=_("Nomor piket"),
        required=False,
        max_length=30,
        help_text=_("Nomor ruang piket, bukan nomor pribadi. Kosongkan bila tidak ada lagi."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, units: "QuerySet[Unit]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if number.strip() and not phone_normal(number):
            raise forms.ValidationError(_("Tulis nomor telepon seperti 0812 3456 7890."))
        return number


class CoverForm(forms.Form):
    """Somebody in the place of somebody, for a span on the clocks of the unit."""

    post = forms.ChoiceField(label=_("Yang digantikan"))
    by_post = forms.ChoiceField(label=_("Pengganti"))
    starts_at = forms.DateTimeField(
        label=_("Mulai"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    )
    ends_at = forms.DateTimeField(
        label=_("Sampai"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=120,
        help_text=_("Misalnya cuti, sakit, ganti giliran."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, posts: "Iterable[Post]", people: "Iterable[Post]", area: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone_of(area)
        self.known = {str(post.pk): post for post in (*posts, *people)}
        self.fields["post"].choices = [(str(post.pk), _named(post)) for post in posts]  # type: ignore[attr-defined]
        self.fields["by_post"].choices = [(str(post.pk), _named(post)) for post in people]  # type: ignore[attr-defined]

    def clean_post(self) -> "Post":
        return self.known[self.cleaned_data["post"]]

    def clean_by_post(self) -> "Post":
        return self.known[self.cleaned_data["by_post"]]

    def clean_starts_at(self) -> datetime:
        return self._here(self.cleaned_data["starts_at"])

    def clean_ends_at(self) -> datetime:
        return self._here(self.cleaned_data["ends_at"])

    def _here(self, moment: datetime) -> datetime:
        """What was typed is the time on the clocks of the unit, whatever zone the server runs in."""
        return moment.replace(tzinfo=self.zone)


def _named(post: "Post") -> str:
    return f"{post.display_name} · {post.get_role_display()} · {post.unit.name}"


def roles_for(role: str) -> list[tuple[str, Any]]:
    """The roles a post may give, in the order of their list."""
    return [(value, label) for value, label in Role.choices if value in APPOINTS.get(role, frozenset())]
