"""Shapes of what a person fills in about a held message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import is_code


class PlaceForm(forms.Form):
    """Where a message belongs, and how one knows."""

    place = forms.CharField(
        label=_("Tempat"),
        max_length=13,
        error_messages={"required": _("Cari tempatnya, lalu pilih satu dari hasilnya.")},
    )
    station = forms.IntegerField(label=_("Nomor TPS"), required=False, min_value=1, max_value=999)
    note = forms.CharField(
        label=_("Dari mana Anda tahu"),
        help_text=_("Satu kalimat, misalnya: saya telepon pengirimnya."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def clean_place(self) -> str:
        place = str(self.cleaned_data["place"])
        if not place or not is_code(place):
            raise forms.ValidationError(_("Pilih tempat dari hasil pencarian."))
        return place


class AsideForm(forms.Form):
    """Why a message cannot be placed."""

    reason = forms.CharField(
        label=_("Mengapa tidak dapat ditempatkan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
