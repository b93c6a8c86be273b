"""Shapes of what people fill in about results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.results.domain import REGULAR, Outcome
from ronda.web.fields import MomentField

OUTCOMES = [(value, label) for value, label in Outcome.choices if value != REGULAR]
THIS, EVERY = "ini", "semua"


class ReplacementForm(forms.Form):
    """The decision by which the result of a station is replaced."""

    outcome = forms.ChoiceField(label=_("Hasil diganti karena"), choices=OUTCOMES)
    contests = forms.ChoiceField(
        label=_("Berlaku untuk"),
        choices=[(THIS, _("jenis pemilihan ini saja")), (EVERY, _("semua jenis pemilihan di TPS ini"))],
    )
    decision = forms.CharField(
        label=_("Keputusan"),
        max_length=120,
        help_text=_("Siapa yang memutus dan nomornya, misalnya KPU Kabupaten Jembrana 123/2024."),
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Sebagaimana ditulis dalam keputusan, dengan pasalnya."),
    )
    since = MomentField(
        label=_("Mulai"),
        help_text=_("Waktu pemungutan atau penghitungan yang baru. Salinan sejak itu menjadi hasil baru."),
    )
