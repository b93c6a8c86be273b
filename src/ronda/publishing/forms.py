"""Shape of what people say when they publish."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ProposeForm(forms.Form):
    """The contests are those that have results; the service checks them again."""

    election = forms.CharField(max_length=60)
    contests = forms.CharField(max_length=400)


class ConfirmForm(forms.Form):
    digest = forms.RegexField(r"^[0-9a-f]{64}\Z")


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("Alasan menolak"), max_length=500)


class CorrectionForm(forms.Form):
    contest = forms.CharField(max_length=20)
    election = forms.CharField(max_length=60)
    station = forms.RegexField(
        r"^\d{13}\Z",
        label=_("Kode TPS, 13 angka"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    basis = forms.CharField(label=_("Nomor keputusan atau berita acara"), max_length=120)
    reason = forms.CharField(label=_("Alasan, akan terbit"), max_length=500)
