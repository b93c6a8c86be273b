"""Shapes of what people fill in about reports. Times are those on the clocks of the place."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ronda.kernel import clock
from ronda.kernel.areas import Level, level
from ronda.kernel.ids import uuid7
from ronda.law import incident_kinds
from ronda.places import selectors as places
from ronda.reports.domain import TEXT_MAX, RejectReason, is_future
from ronda.web.localtime import local, zone_of

Choices = list[tuple[str, Any]]
FORM_LIFE = timedelta(days=2)


class MomentField(forms.Field):
    """A date and a time on the clocks of an area."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *, area: str = "", is_past: bool = True, **options: Any) -> None:
        self.area, self.is_past = area, is_past
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return local(value, self.area).strftime("%Y-%m-%dT%H:%M")
        return value

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            at = datetime.fromisoformat(str(value)).replace(tzinfo=zone_of(self.area))
            ahead = is_future(at, clock.now())
        except (ValueError, OverflowError):
            raise ValidationError(_("Tulis tanggal dan jam, misalnya 27/11/2024 13.30.")) from None
        if self.is_past and ahead:
            raise ValidationError(_("Waktu kejadian tidak boleh di depan."))
        if not 1999 <= at.year <= 2999:
            raise ValidationError(_("Periksa tahunnya."))
        return at


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


def kind_choices(empty: str = "") -> Choices:
    """Kinds of incident in the order of the law file."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    first = [("", empty)] if empty else []
    return [*first, *((kind.id, kind.name_in(language)) for kind in incident_kinds().values())]


def place_choices(area: str, empty: str = "") -> Choices:
    """Villages of a regency grouped by district, each group led by the district itself."""
    districts = dict(places.area_list(area, Level.DISTRICT).values_list("code", "name"))
    if len(area) > 8:
        districts = places.area_names([area[:8]])
    groups: dict[str, list[tuple[str, str]]] = {
        code: [(code, str(_("Kecamatan %(name)s") % {"name": name}))] for code, name in districts.items()
    }
    for code, name in places.area_list(area, Level.VILLAGE).values_list("code", "name"):
        groups.setdefault(code[:8], []).append((code, name))
    shown: Choices = [(districts.get(code, code), rows) for code, rows in groups.items()]
    return [("", empty), *shown] if empty else shown


def regency_choices(area: str) -> Choices:
    """Regencies inside an area."""
    if area and level(area) not in (Level.PROVINCE, Level.NATION):
        return [(code, name) for code, name in places.area_names([area[:5]]).items()]
    return list(places.area_list(area, Level.REGENCY).values_list("code", "name"))


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

    def __init__(self, *args: Any, area: str, zone_area: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "kind", kind_choices(str(_("Belum tahu atau lainnya"))))
        _choose(self, "place", place_choices(area, str(_("Tidak tahu, saya tulis letaknya"))))
        happened = self.fields["happened_at"]
        assert isinstance(happened, MomentField)
        happened.area = zone_area or area

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
        _choose(self, "place", place_choices(area))


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


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
