"""Form fields shared by all contexts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ronda.kernel import clock
from ronda.web.localtime import local, zone_of

EARLIEST_YEAR, LATEST_YEAR = 1999, 2999
CLOCKS_DIFFER = timedelta(minutes=10)


class MomentField(forms.Field):
    """A date and a time on the clocks of an area. `is_past`: it may not lie ahead."""

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
            is_ahead = at > clock.now() + CLOCKS_DIFFER
        except (ValueError, OverflowError):
            raise ValidationError(_("Tulis tanggal dan jam, misalnya 27/11/2024 13.30.")) from None
        if self.is_past and is_ahead:
            raise ValidationError(_("Waktu kejadian tidak boleh sesudah sekarang."))
        if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
            raise ValidationError(_("Periksa tahunnya."))
        return at


def choices_set(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a choice field of a form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def moment_area_set(form: forms.Form, name: str, area: str) -> None:
    """Say on whose clocks a moment field of a form is read."""
    field = form.fields[name]
    assert isinstance(field, MomentField)
    field.area = area
