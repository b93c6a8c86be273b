"""Shapes of what people fill in about results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.results.domain import DRAWS_MOST, REGULAR, RISKS, AuditKind, AuditMethod, Outcome
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


class FreezeMissingForm(forms.Form):
    """Freeze the stations that are still missing."""

    kind = forms.CharField(widget=forms.HiddenInput, initial=AuditKind.MISSING.value)


class FreezeRecapForm(forms.Form):
    """Freeze every station with its column, after the risk limit and the way of drawing are decided."""

    kind = forms.CharField(widget=forms.HiddenInput, initial=AuditKind.RECAP.value)
    risk = forms.TypedChoiceField(
        label=_("Batas risiko"),
        choices=[(number, f"{number} %") for number in RISKS],
        initial=5,
        coerce=int,
        help_text=_("Peluang terbesar bahwa rekap yang keliru pemenangnya lolos dari audit."),
    )
    method = forms.ChoiceField(label=_("Cara mengundi"), choices=AuditMethod.choices)


class MoreForm(forms.Form):
    """Draw more with the seed that stands."""

    number = forms.IntegerField(label=_("Jumlah undian"), min_value=1, max_value=DRAWS_MOST)


class DrawForm(MoreForm):
    """The seed, thrown after the list was frozen."""

    seed = forms.CharField(
        label=_("Benih"),
        max_length=120,
        help_text=_(
            "Angka yang dilempar di muka umum sesudah daftar dibekukan, sedikitnya 10 angka; lebih baik 20."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    origin = forms.CharField(
        label=_("Asal benih"),
        max_length=200,
        help_text=_("Misalnya: dadu sepuluh sisi, 20 lemparan, di kantor KPU disaksikan para saksi."),
    )
    field_order = ("seed", "origin", "number")
