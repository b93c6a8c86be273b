"""Shape of what people fill in about an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.web.fields import MomentField, moment_area_set


class GatheringForm(forms.Form):
    """An event that people of the field come to."""

    name = forms.CharField(
        label=_("Nama acara"),
        max_length=120,
        help_text=_("Misalnya: Bimbingan teknis pengawas TPS, Aula Kecamatan Mendoyo."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    starts_at = MomentField(label=_("Mulai"), is_past=False)

    def on_clocks_of(self, area: str) -> "GatheringForm":
        """The same form, its time read on the clocks of an area."""
        moment_area_set(self, "starts_at", area)
        return self
