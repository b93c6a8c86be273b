"""Shapes of what people fill in about reports. Times are those on the clocks of the place."""

from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.reports.domain import TEXT_MAX, RejectReason
from ronda.reports.selectors import kind_choices, place_choices
from ronda.web.fields import MomentField, choices_set, moment_area_set

FORM_LIFE = timedelta(days=2)


class MessageIdField(forms.UUIDField):
    """The id of the message that this form will send, made with the form; sending twice sends one message."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> UUID:
        message = super().clean(value)
        if not isinstance(message, UUID) or message.version != 7 or not _is_recent(message):
            raise ValidationError(_("Formulir ini sudah terlalu lama terbuka. Muat ulang halaman ini."))
        return message


def _is_recent(message: UUID) -> bool:
    made_s = (message.int >> 80) / 1000
    return abs(clock.now().timestamp() - made_s) < FORM_LIFE.total_seconds()


def message_id() -> UUID:
    """A fresh id, by the node's clock."""
    return uuid7(int(clock.now().astimezone(UTC).timestamp() * 1000))


class SaidForm(forms.Form):
    """What anybody tells: what, where, when. Only the words are needed."""

    message = MessageIdField(initial=message_id)
    kind = forms.ChoiceField(label=_("Apa yang terjadi"), required=False)
    text = forms.CharField(
        label=_("Ceritakan"),
        help_text=_("Apa, siapa, berapa orang, apa yang Anda lihat sendiri."),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    place = forms.ChoiceField(label=_("Desa atau kelurahan"), required=False)
    station = forms.IntegerField(label=_("Nomor TPS"), required=False, min_value=1, max_value=999)
    place_words = forms.CharField(
        label=_("Letak tepatnya"),
        help_text=_("Misalnya: depan balai banjar, rumah nomor 4."),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    happened_at = MomentField(label=_("Kapan terjadi"), required=False)
    is_danger = forms.BooleanField(
        label=_("Ada orang yang terancam sekarang"),
        help_text=_("Laporan ini diperiksa lebih dulu. Untuk pertolongan segera, telepon 110."),
        required=False,
    )

    def __init__(self, *args: Any, area: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choices_set(self, "kind", kind_choices(str(_("Belum tahu atau lainnya"))))
        choices_set(self, "place", place_choices(area, str(_("Tidak tahu, saya tulis letaknya"))))
        moment_area_set(self, "happened_at", area)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise ValidationError(_("Ceritakan apa yang terjadi, satu kalimat sudah cukup."))
        return text


class PlaceForm(forms.Form):
    """Where a report belongs."""

    place = forms.ChoiceField(label=_("Desa atau kecamatan"))
    station = forms.IntegerField(label=_("Nomor TPS"), required=False, min_value=1, max_value=999)
    note = forms.CharField(label=_("Dari mana Anda tahu"), required=False, max_length=500)

    def __init__(self, *args: Any, area: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choices_set(self, "place", place_choices(area))


class RejectForm(forms.Form):
    """Why a report is rejected."""

    reason = forms.ChoiceField(
        label=_("Alasan menolak"), choices=RejectReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Penjelasan"),
        help_text=_("Satu kalimat yang dapat dibaca pemeriksa lain."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """One sentence of reason."""

    reason = forms.CharField(label=_("Alasan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class PublicReportForm(SaidForm):
    """The report and, apart from it, a way to reach the reporter, if they wish. `work`: what the phone computed."""

    work = forms.Field(
        required=False, widget=forms.HiddenInput
    )  # never refused: without work it counts as none
    name = forms.CharField(
        label=_("Nama panggilan"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    phone = forms.CharField(
        label=_("Nomor telepon"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    @property
    def contact(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "phone": self.cleaned_data["phone"]}


class StandingForm(forms.Form):
    """What a report is in law from now on, and on what paper."""

    standing = forms.ChoiceField(label=_("Kedudukan"), widget=forms.RadioSelect)
    document = forms.CharField(
        label=_("Nomor formulir laporan atau berita acara pleno"), required=False, max_length=200
    )
    stated_on = forms.DateField(
        label=_("Tanggalnya"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=1000)

    def __init__(self, *args: Any, may: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices_set(self, "standing", may)
