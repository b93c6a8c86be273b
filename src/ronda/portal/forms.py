"""What anybody may fill in without an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.reports.forms import SaidForm


class PublicReportForm(SaidForm):
    """The report and, apart from it, a way to reach the reporter, if they wish."""

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


class FollowForm(forms.Form):
    """A receipt code."""

    code = forms.CharField(
        label=_("Kode tanda terima"),
        help_text=_("12 huruf dan angka, misalnya 7D1E-40AC-9F3C."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
