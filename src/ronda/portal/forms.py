"""What anybody may fill in without an account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ContestForm(forms.Form):
    """What a reporter finds not done, under the receipt code."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Apa yang menurut Anda belum selesai?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


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
