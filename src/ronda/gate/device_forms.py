"""Shape of what people fill in about a device."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ronda.agencies.domain import phone_normal

LIVES = (7, 30, 60, 180)


class DeviceForm(forms.Form):
    """A phone or gateway that will send in the name of a post."""

    label = forms.CharField(
        label=_("Nama perangkat"),
        max_length=60,
        help_text=_("Supaya dikenali nanti: HP dinas Ayu, gerbang SMS."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Nomor untuk SMS"),
        required=False,
        max_length=30,
        help_text=_("Bila SMS dari nomor ini dikirim atas nama jabatan. Yang disimpan hanya sidiknya."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("Berlaku selama"),
        choices=[(days, ngettext_lazy("%(n)d hari", "%(n)d hari", days) % {"n": days}) for days in LIVES],
        coerce=int,
        initial=60,
        help_text=_("Sesudah itu perangkat didaftarkan lagi. Jabatan yang berakhir mencabutnya lebih awal."),
    )

    def clean_phone(self) -> str:
        number = str(self.cleaned_data["phone"])
        if number.strip() and not phone_normal(number):
            raise ValidationError(_("Tulis nomor telepon seperti 0812 3456 7890."))
        return number
