"""Shape of what people say about a stage."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.elections.domain import StageMarkKind


class StageMarkForm(forms.Form):
    mark = forms.ChoiceField(choices=StageMarkKind.choices)
    note = forms.CharField(label=_("Catatan"), max_length=200, required=False)
