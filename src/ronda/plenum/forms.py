"""Shape of a file of columns that somebody hands in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

BYTES_MAX = 4_000_000


class ColumnsForm(forms.Form):
    """D.Hasil as a table, and whether it may exchange figures that were read out before."""

    file = forms.FileField(
        label=_("Berkas XLSX atau CSV"),
        help_text=_("CSV: kolom kotak, lalu satu kolom tiap kode TPS atau wilayah. Berkas disimpan utuh."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
    )
    over = forms.BooleanField(
        label=_("Ganti angka yang sudah dibacakan"),
        help_text=_("Tanpa centang, berkas ditolak utuh bila satu angka saja berbeda."),
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(
                _("Berkas ini %(size)s byte; paling besar %(most)s. Bagi menjadi beberapa berkas."),
                params={"size": file.size, "most": BYTES_MAX},
            )
        return file
